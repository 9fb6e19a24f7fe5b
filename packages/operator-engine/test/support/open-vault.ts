import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openEngine } from 'operator-engine';
import type { Engine, GatedSubject, HttpExchange } from 'operator-engine';
import { ADA, QUICK, QUICK_LEDGER } from './open-lamps.ts';
import { startVault } from './vault-server.ts';
import type { Vault } from './vault-server.ts';

const plugin = fileURLToPath(new URL('vault-plugin.ts', import.meta.url));

export interface OpenVault extends AsyncDisposable {
  readonly vault: Vault;
  /** Where configuration and ledger are. */
  readonly directory: string;
  readonly exchanges: readonly HttpExchange[];
  readonly engine: Engine;
  readonly subject: GatedSubject;
  /** Another engine on the same configuration, as another process would have it. */
  readonly open: () => Promise<{ engine: Engine; subject: GatedSubject }>;
}

/** A vault and the subject that operates it; `login` is what the file of the password holds. */
export async function openVault({
  login,
  right = login,
  policy = 'rules:\n  - { id: all, when: {}, decision: allow, reason: It is a test. }\nlimits: { cooldown: none }\n',
}: {
  readonly login: string;
  readonly right?: string;
  readonly policy?: string;
}): Promise<OpenVault> {
  const vault = await startVault(right);
  const directory = mkdtempSync(join(tmpdir(), 'operator-vault-'));
  writeFileSync(join(directory, 'password'), `${login}\n`);
  writeFileSync(join(directory, 'policy.yaml'), policy);
  const config = { url: vault.url, passwordFile: './password' };
  const content = { subjects: { vault: { plugin, config } }, policy: './policy.yaml' };
  writeFileSync(join(directory, 'operator.config.json'), JSON.stringify(content));
  const exchanges: HttpExchange[] = [];
  const engines: Engine[] = [];
  const open: OpenVault['open'] = async () => {
    const engine = await openEngine({
      cwd: directory,
      env: {},
      hostUrl: import.meta.url,
      actor: ADA,
      limits: QUICK,
      ledgerLimits: QUICK_LEDGER,
      onExchange: (exchange) => {
        if ('url' in exchange) exchanges.push(exchange);
      },
    });
    engines.push(engine);
    return { engine, subject: await engine.openSubject() };
  };
  return {
    vault,
    directory,
    exchanges,
    ...(await open()),
    open,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(engines.map((engine) => engine.close()));
      await vault[Symbol.asyncDispose]();
      rmSync(directory, { recursive: true });
    },
  };
}
