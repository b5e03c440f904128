import { describe, expect, it } from 'vitest'
import { canonicalAddress } from '../../src/fetch/address.ts'
import { isPrivate } from '../../src/fetch/private.ts'
import { backoff, readRetryAfter } from '../../src/fetch/retry.ts'

describe('addresses', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::127.0.0.1',
    'fc00::1',
    'fd12::1',
    'fe80::1',
    'ff02::1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
  ])('%s is private', (address) => {
    expect(isPrivate(address)).toBe(true)
  })
  it.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '::ffff:8.8.8.8', '2400:3200::1', 'localhost', ''])(
    '%s is not, or no address',
    (address) => {
      expect(isPrivate(address)).toBe(false)
    },
  )
})

describe('the one form of an address', () => {
  it.each([
    ['HTTP://A.gov.cn:80/x#top', 'http://a.gov.cn/x'],
    ['https://u:p@a.gov.cn:443/', 'https://a.gov.cn/'],
    ['https://a.gov.cn:8443/x?b=1', 'https://a.gov.cn:8443/x?b=1'],
    [`https://a.gov.cn/WZWSRE${Buffer.from('/z/t1.html').toString('base64')}`, 'https://a.gov.cn/z/t1.html'],
    [
      `https://a.gov.cn/WZWSRE${Buffer.from('/z/t1.html').toString('base64')}?wzwschallenge=x`,
      'https://a.gov.cn/z/t1.html',
    ],
    ['https://a.gov.cn/WZWSRELy9ldmlsLmNuLw==', 'https://a.gov.cn/WZWSRELy9ldmlsLmNuLw=='],
    [
      `https://a.gov.cn/WZWSRE${Buffer.from('/\\evil.cn/').toString('base64')}`,
      `https://a.gov.cn/WZWSRE${Buffer.from('/\\evil.cn/').toString('base64')}`,
    ],
    ['https://a.gov.cn/WZWSREnothing', 'https://a.gov.cn/WZWSREnothing'],
  ])('%s', (address, expected) => {
    expect(canonicalAddress(new URL(address))).toBe(expected)
  })
})

describe('pauses', () => {
  it('double, at random, up to a minute', () => {
    expect([0, 1, 2, 3, 10].map((tries) => backoff(tries, () => 1))).toEqual([1000, 2000, 4000, 8000, 60_000])
    expect(backoff(3, () => 0)).toBe(0)
  })
  it.each<[string | undefined, number | null]>([
    [undefined, null],
    ['7', 7000],
    [' 7 ', 7000],
    ['Wed, 21 Oct 2026 07:28:10 GMT', 10_000],
    ['Wed, 21 Oct 2026 07:27:00 GMT', 0],
    ['soon', null],
    ['-1', null],
    ['', null],
  ])('Retry-After: %s', (value, expected) => {
    expect(readRetryAfter(value, new Date('2026-10-21T07:28:00Z'))).toBe(expected)
  })
})
