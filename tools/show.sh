#!/bin/sh
# Show the gate at work: tools/show.sh PYTHON. Fails where the gate does not judge as it should.
set -eu
python=$1

# show EXIT-CODE STORE TEXT: 0 passes, 3 is rewritten, 4 is blocked.
show() {
    printf '\n$ replygate try %s -s %s\n' "'$3'" "$2"
    code=0
    "$python" -m replygate try "$3" -s "$2" || code=$?
    if [ "$code" -ne "$1" ]; then
        echo "error: exit code $code, expected $1" >&2
        exit 1
    fi
}

show 0 demo-pdd '您好，今天下午发货，请放心'
show 4 demo-pdd '有问题打 13812345678'
show 3 demo-pdd '用微信付款也行'
show 3 demo-jd '亲，这款有货的'
show 0 demo-jd '这款母亲节礼盒有货'
printf '\nThe gate works. Next: %s\n' "'replygate --help' in .venv/bin, or README.md."
