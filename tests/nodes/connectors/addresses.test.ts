import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { AllowList, isPublic } from '../../../nodes/connectors/addresses.ts';

describe('public addresses', () => {
  it.each(['8.8.8.8', '93.184.216.34', '2606:4700:4700::1111', '2a00:1450:4010::8a', '::ffff:8.8.8.8'])('%s is public', (address) => {
    expect(isPublic(address)).toBe(true);
  });

  it.each([
    '127.0.0.1',
    '127.8.8.8',
    '0.0.0.0',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '198.18.0.1',
    '192.0.0.8',
    '192.0.2.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::7f00:1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '::ffff:169.254.169.254',
    '64:ff9b::7f00:1',
    '64:ff9b:1::a00:1',
    '2002:7f00:1::',
    '2001:db8::1',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'fec0::1',
    'ff02::1',
    '100::1',
    '5f00::1',
  ])('%s is not', (address) => {
    expect(isPublic(address)).toBe(false);
  });
});

describe('the list of what is allowed all the same', () => {
  const list = new AllowList(['10.1.0.0/16', '192.168.7.7', 'fd00::/8', 'CRM.intranet.example']);
  it('knows networks, addresses and hosts', () => {
    expect(['10.1.2.3', '192.168.7.7', 'fd00::5'].map((text) => list.hasAddress(ipaddr.parse(text)))).toEqual([true, true, true]);
    expect(['10.2.2.3', '192.168.7.8', 'fc00::5'].map((text) => list.hasAddress(ipaddr.parse(text)))).toEqual([false, false, false]);
    expect(list.hasHost('crm.intranet.EXAMPLE')).toBe(true);
    expect(list.hasHost('evil.crm.intranet.example')).toBe(false);
  });
});
