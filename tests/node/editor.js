// Runs a plugin text as ChatGPT-On-CS does: in a `vm`, where `require` knows these modules alone,
// `main` is called with a Map and the messages, and a `main` that is not async is not waited for.
// Standard input: one JSON object a line: {"ctx", "messages", "bot": {"reply" | "throws", "after_ms"}}.
// Standard output: one JSON object a line: {"reply"} or {"threw"}, and what the plugin wrote.

const readline = require('readline');
const vm = require('vm');
const fs = require('fs');

const code = fs.readFileSync(process.argv[2], 'utf8');

function modules(bot) {
  return {
    fs,
    path: require('path'),
    axios: require('axios'),
    os: require('os'),
    url: require('url'),
    crypto: require('crypto'),
    config_srv: { get: async () => ({ has_use_gpt: true }) },
    reply_srv: {
      getReply: async () => {
        await new Promise((resolve) => setTimeout(resolve, bot.after_ms || 0));
        if (bot.throws) {
          throw new Error(bot.throws);
        }
        return bot.reply;
      },
    },
  };
}

async function run({ ctx, messages, bot }) {
  const lines = [];
  const write = (...args) => lines.push(args.join(' '));
  const known = modules(bot);
  const sandbox = {
    setTimeout,
    setInterval,
    clearTimeout,
    clearInterval,
    console: { log: write, error: write, warn: write, info: write },
    module: {},
    exports: {},
    ctx,
    messages,
    require: (name) => {
      if (known[name]) {
        return known[name];
      }
      throw new Error(`Module ${name} is not available`);
    },
  };
  try {
    vm.createContext(sandbox);
    vm.runInContext(`${code}\nmodule.exports = main;\n`, sandbox);
    const main = sandbox.module.exports;
    const called = main(new Map(Object.entries(ctx)), messages);
    const reply = main[Symbol.toStringTag] === 'AsyncFunction' ? await called : called;
    if (!reply || typeof reply !== 'object' || !('content' in reply) || !('type' in reply)) {
      throw new Error('the plugin gave no reply');
    }
    return { reply, lines };
  } catch (error) {
    return { threw: String(error), lines };
  }
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify(await run(JSON.parse(line)))}\n`);
  }
})();
