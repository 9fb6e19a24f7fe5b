import * as fc from 'fast-check';
import { CONTRACT_VERSION, isContractCompatible } from 'operator-core';
import { describe, expect, it } from 'vitest';

const versions = fc.record({ major: fc.nat({ max: 3 }), minor: fc.nat({ max: 99 }) });

describe('isContractCompatible', () => {
  it('is: the same major, and the plugin not newer than the host', () => {
    fc.assert(
      fc.property(versions, versions, (host, plugin) => {
        expect(
          isContractCompatible(`${host.major}.${host.minor}`, `${plugin.major}.${plugin.minor}`),
        ).toBe(host.major === plugin.major && plugin.minor <= host.minor);
      }),
    );
  });

  it('accepts itself', () => {
    expect(isContractCompatible(CONTRACT_VERSION, CONTRACT_VERSION)).toBe(true);
  });

  it('answers no for any text that is not major.minor', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!/^(0|[1-9]\d*)\.(0|[1-9]\d*)$/u.test(text));
        return !isContractCompatible('1.0', text) && !isContractCompatible(text, '1.0');
      }),
    );
  });

  it.each([
    '1',
    '1.0.0',
    '01.0',
    '1.00',
    ' 1.0',
    '1.0\n',
    'v1.0',
    '1.x',
    '-1.0',
    '1.0e1',
    '1.1234567890',
  ])('refuses %j on either side', (version) => {
    expect(isContractCompatible('1.9', version)).toBe(false);
    expect(isContractCompatible(version, '1.0')).toBe(false);
  });
});
