"""The text to paste into ChatGPT-On-CS's plugin editor: `plugin.js`, beside this file."""
