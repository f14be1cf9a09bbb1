import type { FromFile } from './to-ini';

/** What Grafana is told in files, so that no setting holds a secret. */
export type GrafanaSecret =
  'admin-user' | 'admin-password' | 'secret-key' | 'database-user' | 'database-password' | 'database-ca';

/** Where Grafana looks for what. */
export interface GrafanaPaths {
  /** The only one that it writes to. */
  readonly data: string;
  readonly provisioning: string;
  /** A folder for each folder of dashboards. */
  readonly dashboards: string;
  readonly secrets: string;
}

/** A file of its own, or PostgreSQL. */
export type GrafanaDatabase =
  | 'sqlite'
  | {
      /** `host:port` */
      readonly address: string;
      readonly name: string;
      readonly tls: 'off' | 'system-roots' | 'own-ca';
    };

interface GrafanaSettingsProps {
  /** Where people reach it. */
  readonly url: string;
  /** Address and port to listen on. */
  readonly listen: { readonly address: string; readonly port: number };
  readonly paths: GrafanaPaths;
  /** File of the dashboard that people see first. */
  readonly home: string;
  readonly database: GrafanaDatabase;
}

type Database =
  | { readonly type: 'sqlite3' }
  | {
      readonly type: 'postgres';
      readonly host: string;
      readonly name: string;
      readonly user: FromFile;
      readonly password: FromFile;
      readonly ssl_mode: 'disable' | 'verify-full';
      readonly ca_cert_path?: string;
    };

/** @see https://github.com/grafana/grafana/blob/v13.2.2/conf/defaults.ini */
export type GrafanaSettings = {
  readonly paths: { readonly data: string; readonly plugins: string; readonly provisioning: string };
  readonly server: {
    readonly http_addr: string;
    readonly http_port: number;
    readonly root_url: string;
    readonly serve_from_sub_path: boolean;
  };
  readonly database: Database;
  readonly security: {
    readonly admin_user: FromFile;
    readonly admin_password: FromFile;
    readonly secret_key: FromFile;
    readonly disable_gravatar: true;
    readonly cookie_secure: boolean;
    readonly cookie_samesite: 'lax';
    readonly allow_embedding: false;
    readonly strict_transport_security: boolean;
    readonly x_content_type_options: true;
    readonly content_security_policy: true;
  };
  readonly users: {
    readonly allow_sign_up: false;
    readonly allow_org_create: false;
    readonly auto_assign_org_role: 'Viewer';
  };
  readonly 'auth.anonymous': { readonly enabled: false };
  readonly snapshots: { readonly external_enabled: false };
  readonly public_dashboards: { readonly enabled: false };
  readonly dashboards: { readonly default_home_dashboard_path: string };
  readonly analytics: {
    readonly reporting_enabled: false;
    readonly check_for_updates: false;
    readonly check_for_plugin_updates: false;
    readonly feedback_links_enabled: false;
  };
  readonly news: { readonly news_feed_enabled: false };
  readonly plugins: {
    readonly preinstall_disabled: true;
    readonly preinstall_auto_update: false;
    readonly plugin_admin_enabled: false;
  };
  readonly unified_alerting: { readonly enabled: true };
  readonly unified_storage: { readonly index_path: string };
  readonly log: { readonly mode: 'console' };
  readonly 'log.console': { readonly format: 'json' };
  readonly metrics: { readonly enabled: true };
  readonly feature_toggles: { readonly prometheusSpecialCharsInLabelValues: true };
};

const databaseOf = (database: GrafanaDatabase, secret: (name: GrafanaSecret) => string): Database =>
  database === 'sqlite'
    ? { type: 'sqlite3' }
    : {
        type: 'postgres',
        host: database.address,
        name: database.name,
        user: { file: secret('database-user') },
        password: { file: secret('database-password') },
        ssl_mode: database.tls === 'off' ? 'disable' : 'verify-full',
        // Without one, the roots of the system are trusted.
        ...(database.tls === 'own-ca' && { ca_cert_path: secret('database-ca') }),
      };

/**
 * Pure: the same settings give the same file. People log in and are given an account by an administrator; nothing is
 * asked of, or told to, anybody outside.
 */
export const grafanaSettings = ({ url, listen, paths, home, database }: GrafanaSettingsProps): GrafanaSettings => {
  const { protocol, pathname } = new URL(url);
  const isHttps = protocol === 'https:';
  const secret = (name: GrafanaSecret): string => `${paths.secrets}/${name}`;
  return {
    paths: { data: paths.data, plugins: `${paths.data}/plugins`, provisioning: paths.provisioning },
    server: {
      http_addr: listen.address,
      http_port: listen.port,
      root_url: url,
      serve_from_sub_path: pathname !== '/',
    },
    database: databaseOf(database, secret),
    security: {
      admin_user: { file: secret('admin-user') },
      admin_password: { file: secret('admin-password') },
      // It encrypts what is in the database: equal on all replicas, and kept.
      secret_key: { file: secret('secret-key') },
      disable_gravatar: true,
      cookie_secure: isHttps,
      // 'strict' would ask whoever follows the link in an alert to log in again.
      cookie_samesite: 'lax',
      allow_embedding: false,
      strict_transport_security: isHttps,
      x_content_type_options: true,
      content_security_policy: true,
    },
    users: { allow_sign_up: false, allow_org_create: false, auto_assign_org_role: 'Viewer' },
    'auth.anonymous': { enabled: false },
    snapshots: { external_enabled: false },
    public_dashboards: { enabled: false },
    dashboards: { default_home_dashboard_path: home },
    analytics: {
      reporting_enabled: false,
      check_for_updates: false,
      check_for_plugin_updates: false,
      feedback_links_enabled: false,
    },
    news: { news_feed_enabled: false },
    // The data sources are plugins that come with the image. To update one it would be unloaded first; on a read-only
    // file system it then stays away, and all panels with it. https://github.com/grafana/grafana/issues/132528
    plugins: { preinstall_disabled: true, preinstall_auto_update: false, plugin_admin_enabled: false },
    // It shows the rules of Prometheus; it has none of its own.
    unified_alerting: { enabled: true },
    unified_storage: { index_path: `${paths.data}/search` },
    log: { mode: 'console' },
    'log.console': { format: 'json' },
    metrics: { enabled: true },
    // Without it, a quote in a label value that is chosen on a dashboard would end its matcher.
    feature_toggles: { prometheusSpecialCharsInLabelValues: true },
  };
};
