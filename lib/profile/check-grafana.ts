import {
  checkEndpoint,
  checkHostPort,
  checkName,
  checkReplicas,
  checkResources,
  checkSecret,
  checkSubdomain,
  checkVolume,
  type Problems,
} from './check-value';
import type { GrafanaPostgres, IngressProfile, Profile } from './profile';

function* checkPostgres(path: string, store: GrafanaPostgres): Problems {
  yield* checkReplicas(`${path}.replicas`, store.replicas);
  yield* checkEndpoint(`${path}.network`, store.network);
  yield* checkHostPort(`${path}.address`, store.address, store.network, 'postgres.example.org:5432');
  if (!/^[A-Za-z_][A-Za-z0-9_-]{0,62}$/.test(store.database))
    yield {
      path: `${path}.database`,
      value: JSON.stringify(store.database),
      fix: 'name a database: at most 63 letters, digits, _ and -, a letter or _ first',
    };
  yield* checkSecret(`${path}.user`, store.user);
  yield* checkSecret(`${path}.password`, store.password);
  if (typeof store.tls === 'object') yield* checkSecret(`${path}.tls.ca`, store.tls.ca);
}

/** A name, after a domain and a slash where it has one. */
function* checkAnnotation(path: string, key: string): Problems {
  const slash = key.indexOf('/');
  if (slash >= 0) yield* checkSubdomain(path, key.slice(0, slash));
  if (!/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/.test(key.slice(slash + 1)))
    yield {
      path,
      value: JSON.stringify(key),
      fix: 'name an annotation by letters, digits, -, _ and ., after a domain and / if it has one',
    };
}

function* checkIngress(path: string, ingress: IngressProfile, link: string): Problems {
  yield* checkSubdomain(`${path}.host`, ingress.host);
  yield* checkSubdomain(`${path}.className`, ingress.className);
  yield* checkSubdomain(`${path}.tlsSecretName`, ingress.tlsSecretName);
  yield* checkName(`${path}.controllerNamespace`, ingress.controllerNamespace);
  for (const key of Object.keys(ingress.annotations)) yield* checkAnnotation(`${path}.annotations`, key);
  if (!URL.canParse(link)) return;
  const { protocol, host } = new URL(link);
  if (protocol !== 'https:')
    yield {
      path: `${path}.tlsSecretName`,
      value: ingress.tlsSecretName,
      fix: `people would come by ${link}, past the certificate: let links.grafana begin with https://`,
    };
  else if (host !== ingress.host)
    yield {
      path: `${path}.host`,
      value: ingress.host,
      fix: `links.grafana leads to ${host}: give both the same host, and the link no port`,
    };
}

const isLoopback = (link: string): boolean =>
  URL.canParse(link) && ['localhost', '127.0.0.1', '[::1]'].includes(new URL(link).hostname);

/** Whoever reaches it could log in: so nobody may but who sits before it. */
function* checkPublicSecrets({ name, secrets, grafana, links }: Profile): Problems {
  if (secrets !== 'public') return;
  const reachable = [
    ...(grafana.ingress === 'none' ? [] : ['grafana.ingress lets others in']),
    ...(isLoopback(links.grafana) ? [] : ['links.grafana leads elsewhere than to localhost']),
  ];
  if (reachable.length > 0)
    yield {
      path: `${name}.secrets`,
      value: secrets,
      fix: `everybody knows them, and ${reachable.join(', and ')}: let them be made 'by-site'`,
    };
}

export function* checkGrafana(profile: Profile): Problems {
  const { grafana, links } = profile;
  const path = `${profile.name}.grafana`;
  const { store, admin, ingress } = grafana;
  if (store.kind === 'sqlite') yield* checkVolume(`${path}.store.volume`, store.volume);
  else yield* checkPostgres(`${path}.store`, store);
  yield* checkSecret(`${path}.admin.user`, admin.user);
  yield* checkSecret(`${path}.admin.password`, admin.password);
  yield* checkSecret(`${path}.secretKey`, grafana.secretKey);
  if (ingress !== 'none') yield* checkIngress(`${path}.ingress`, ingress, links.grafana);
  yield* checkResources(`${path}.resources`, grafana.resources);
  yield* checkPublicSecrets(profile);
}
