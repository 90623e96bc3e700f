// replygate: every reply passes the gate before the platform gets it.
// 所有回复先经过 replygate 检查，再交给平台。

// ---- fill in 请填写 ---------------------------------------------------------------------------
// Where `replygate serve` listens. replygate 的地址。
const SIDECAR = 'http://127.0.0.1:8787';

// Which replygate store a shop window is: by its instance id, else by its app id. `tokenFile` holds
// the store's token on one line. 实例（或应用）对应的店铺，以及存放令牌的文件。
const STORES = {
  'INSTANCE-OR-APP-ID': { store: 'my-shop', tokenFile: '/etc/replygate/my-shop.token' },
};

// Sent in place of an answer that is not there so many seconds before a deadline. It is the one
// reply to these messages: the answer that comes later is dropped. 超时前的安抚回复，轮流使用。
const HOLD_TEXTS = ['已收到您的消息，客服会尽快回复您～'];
const HOLD_BEFORE_S = 5;

// What happens where nothing may go out: 'NO_REPLY' (nothing), or 'TRANSFER' (to a person).
// 回复被拦截、或 replygate 无法判断时：不回复，或转人工。
const WHEN_BLOCKED = 'NO_REPLY';

const ASK_MS = 3000;
// -----------------------------------------------------------------------------------------------

const axios = require('axios');
const crypto = require('crypto');
const fs = require('fs');

const NOTHING = { NO_REPLY: '', TRANSFER: '无' };
const SILENT = ['NO_REPLY', 'TRANSFER'];
const KINDS = { TEXT: 'text', IMAGE: 'image', VIDEO: 'video', FILE: 'file' };

// Whatever is thrown here would make the program send its default reply, unjudged.
async function main(ctx, messages) {
  try {
    return await guarded(ctx, messages);
  } catch (error) {
    console.error(`replygate: nothing goes out: ${said(error)}`);
    return nothing();
  }
}

async function guarded(ctx, messages) {
  const shop = shopOf(ctx);
  const buyer = buyerOf(ctx, messages);
  const dueMs = await takeIn(shop, buyer, messages);
  const { reply, held } = await answerInTime(ctx, messages, dueMs);
  if (!reply || typeof reply !== 'object') {
    throw new Error('the bot gave no reply');
  }
  if (SILENT.includes(reply.type)) {
    return reply;
  }
  const kind = KINDS[reply.type];
  if (!kind || typeof reply.content !== 'string') {
    throw new Error(`a reply of the type ${reply.type} can not be judged`);
  }
  return judged(shop, buyer, reply, kind, held ? 'hold' : 'bot');
}

async function judged(shop, buyer, reply, kind, origin) {
  // A picture or file is its path; what the buyer sees of it is its name.
  const text = kind === 'text' ? reply.content : reply.content.split(/[\\/]/).pop();
  const verdict = await ask(shop, 'screen', { conversation: buyer, text, origin, kind });
  if (typeof verdict.text !== 'string' || !['pass', 'rewrite'].includes(verdict.action)) {
    const why = (verdict.findings || []).map((finding) => `${finding.rule}: ${finding.why}`);
    console.warn(`replygate: blocked: ${why.join('; ')}`);
    return nothing();
  }
  if (kind !== 'text' && verdict.text !== text) {
    console.warn('replygate: blocked: a file can not be renamed on its way');
    return nothing();
  }
  const cleared = kind === 'text' ? verdict.text : reply.content;
  try {
    await ask(shop, 'sent', { conversation: buyer, text: verdict.text, origin, kind });
  } catch (error) {
    // The reply is judged and goes out; only the clock goes on, and people hear of it.
    console.error(`replygate: the reply was not written down: ${said(error)}`);
  }
  return { ...reply, content: cleared };
}

// The built-in reply (keywords, model, default), or the holding reply shortly before the deadline.
async function answerInTime(ctx, messages, dueMs) {
  const answer = builtIn(ctx, messages).then((reply) => ({ reply, held: false }));
  const waitMs = dueMs - HOLD_BEFORE_S * 1000 - Date.now();
  if (!HOLD_TEXTS.length || !Number.isFinite(waitMs)) {
    return answer;
  }
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(() => {
      const content = HOLD_TEXTS[Math.floor(Math.random() * HOLD_TEXTS.length)];
      resolve({ reply: { type: 'TEXT', content }, held: true });
    }, Math.min(Math.max(waitMs, 0), 2 ** 31 - 1));
  });
  answer.catch((error) => console.error(`replygate: the bot failed: ${said(error)}`));
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function builtIn(ctx, messages) {
  const config = await require('config_srv').get(ctx);
  return require('reply_srv').getReply(config, ctx, messages);
}

// Tells the gate what the buyer wrote since our last message. The earliest deadline, Unix ms.
async function takeIn(shop, buyer, messages) {
  let dueMs = Infinity;
  let last = messages.length;
  while (last > 0 && messages[last - 1].role !== 'SELF') {
    last -= 1;
  }
  for (let index = last; index < messages.length; index += 1) {
    if (messages[index].role === 'OTHER') {
      const event = {
        type: 'message',
        direction: 'in',
        conversation: buyer,
        id: idOf(buyer, messages, index),
        kind: KINDS[messages[index].type] || 'other',
        text: messages[index].content || '',
        at: new Date().toISOString(),
      };
      const { deadlines } = await ask(shop, 'inbound', event);
      for (const deadline of deadlines) {
        dueMs = Math.min(dueMs, Date.parse(deadline.due_at));
      }
    }
  }
  return dueMs;
}

// Messages have no ids. The program may show the same ones twice at once; the minute keeps a buyer
// who writes 在吗 every hour from being taken for that.
function idOf(buyer, messages, index) {
  const before = messages.slice(0, index + 1).map((message) => [message.role, message.content]);
  const minute = Math.floor(Date.now() / 60000);
  const told = JSON.stringify([buyer, before, minute]);
  return crypto.createHash('sha256').update(told).digest('hex').slice(0, 32);
}

function shopOf(ctx) {
  for (const key of ['CTX_INSTANCE_ID', 'CTX_APP_ID']) {
    const id = ctx.get(key);
    if (id !== undefined && Object.prototype.hasOwnProperty.call(STORES, id)) {
      return STORES[id];
    }
  }
  const ids = [ctx.get('CTX_INSTANCE_ID'), ctx.get('CTX_APP_ID')].join(', ');
  throw new Error(`STORES names no store for this window (${ids})`);
}

function buyerOf(ctx, messages) {
  const asked = messages.filter((message) => message.role === 'OTHER' && message.sender);
  const buyer = asked.length ? asked[asked.length - 1].sender : ctx.get('CTX_USERNAME');
  if (!buyer) {
    throw new Error('nobody knows who the buyer is');
  }
  return String(buyer);
}

async function ask(shop, what, body) {
  const headers = { 'Content-Type': 'application/json' };
  if (shop.tokenFile) {
    headers.Authorization = `Bearer ${fs.readFileSync(shop.tokenFile, 'utf8').trim()}`;
  }
  const url = `${SIDECAR}/v1/stores/${encodeURIComponent(shop.store)}/${what}`;
  // What the environment says of proxies is not for a service on this machine.
  const response = await axios.post(url, body, { headers, timeout: ASK_MS, proxy: false });
  return response.data;
}

function nothing() {
  return { type: WHEN_BLOCKED, content: NOTHING[WHEN_BLOCKED] || '' };
}

// Never the whole of an axios error: it holds the token.
function said(error) {
  const problem = error && error.response && error.response.data;
  return (problem && problem.detail) || (error && error.message) || String(error);
}
