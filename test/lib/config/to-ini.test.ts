import fc from 'fast-check';
import { toIni } from '../../../lib/config/to-ini';

test('sections, each with its keys, as Grafana reads them', () => {
  expect(
    toIni({
      server: { http_port: 3000, root_url: 'https://grafana.example.org/a%20b', serve_from_sub_path: false },
      'log.console': { format: 'json' },
      security: { admin_password: { file: '/etc/secrets/admin-password' } },
    }),
  ).toBe(
    [
      '[server]',
      'http_port = 3000',
      'root_url = https://grafana.example.org/a%20b',
      'serve_from_sub_path = false',
      '',
      '[log.console]',
      'format = json',
      '',
      '[security]',
      'admin_password = $__file{/etc/secrets/admin-password}',
      '',
    ].join('\n'),
  );
});

test.each([
  ['a comment', 'a # b'],
  ['another comment', 'a;b'],
  ['a second line', 'a\nkey = b'],
  ['a variable of the environment', 'https://${HOST}'],
  ['a file', '$__file{/etc/passwd}'],
  ['another key', '%(domain)s'],
  ['a quote that would go', '"a"'],
  ['a space that would go', 'a '],
  ['a line that goes on', 'a\\'],
  ['a quoted whole', '`a`'],
])('%s in a text is refused, by its key', (_, text) => {
  expect(() => toIni({ server: { root_url: text } })).toThrow(`server.root_url: ${JSON.stringify(text)} would be read`);
  expect(() => toIni({ server: { root_url: { file: text } } })).toThrow(RangeError);
});

test('whatever is not refused stands behind its key as it is', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      let ini: string;
      try {
        ini = toIni({ section: { key: text } });
      } catch {
        return;
      }
      expect(ini).toBe(`[section]\nkey = ${text}\n`);
      expect(text).toBe(text.trim());
    }),
  );
});
