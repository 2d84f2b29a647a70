import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeDevice, deviceName } from './user-agent.ts'

const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)'
const rows: readonly (readonly [text: string | undefined, device: string])[] = [
  [
    `Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) ${webkit} Chrome/125.0.0.0 Safari/537.36`,
    'Chrome 125 / macOS 15.0',
  ],
  [
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0`,
    'Edge 126 / Windows 10.0',
  ],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox 140 / Linux'],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_2_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.2 Mobile/15E148 Safari/604.1',
    'Safari 18 / iOS 18.2.1',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15',
    'Safari 17 / macOS 10.15.7',
  ],
  [
    `Mozilla/5.0 (Linux; Android 14; Pixel 8) ${webkit} Chrome/125.0.0.0 Mobile Safari/537.36`,
    'Chrome 125 / Android 14',
  ],
  [
    `Mozilla/5.0 (Linux; Android 13; SM-S901B) ${webkit} SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36`,
    'Samsung Internet 25 / Android 13',
  ],
  [
    `Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${webkit} Chrome/124.0.0.0 Safari/537.36`,
    'Chrome 124 / ChromeOS 14541',
  ],
  [
    `Mozilla/5.0 (Windows NT 10.0) ${webkit} Chrome/120.0.0.0 Safari/537.36 OPR/106.0.0.0`,
    'Opera 106 / Windows 10.0',
  ],
  ['okhttp/4.12.0 (Linux; Android 12)', 'Android 12'],
  ['aws-sdk-js/3.1169.0', 'unknown'],
  [undefined, 'unknown'],
  ['', 'unknown'],
]

for (const [text, device] of rows) {
  test(`${text} is ${device}`, () => assert.equal(describeDevice(text), device))
}

const names: readonly (readonly [text: string, name: string])[] = [
  [
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/126.0.0.0 Safari/537.36`,
    'Chrome 126, Windows 10',
  ],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox 140, Linux'],
  ['okhttp/4.12.0 (Linux; Android 12)', 'Other, Android 12'],
  ['aws-sdk-js/3.1169.0', 'Other, Other'],
  ['', 'Other, Other'],
]

for (const [text, name] of names) {
  test(`${text} is named ${name}`, () => assert.equal(deviceName(text), name))
}

test('is never long, whatever a client calls itself', () => {
  const nines = '9'.repeat(20_000)
  assert.ok(describeDevice(`Chrome/${nines} Android ${nines}.${nines}`).length < 100)
})
