import type { Duration, Size } from 'cdk8s';
import type { AlertTable } from '../catalog/alerts';
import type { AnomalyMethod } from '../catalog/anomaly-methods';
import type { NamespaceRole, Service } from '../catalog/components';
import type { Image, images } from '../catalog/image';
import type { LogLevel, LogReduction } from '../catalog/logs';
import type { AlertTimings, Receiver, ReceiverRole } from '../catalog/receivers';
import type { JobName } from '../catalog/scrape-jobs';
import type { Criticality } from '../catalog/spans';

/** What a container asks for and may take. */
export interface Resources {
  /** Requested cores. There is no limit on CPU: it would throttle long before the node is busy. */
  readonly cpu: number;
  readonly memory: { readonly request: Size; readonly limit: Size };
  /** Disk for the writable parts that are no volume; request and limit. */
  readonly ephemeralStorage: Size;
}

export interface Volume {
  readonly size: Size;
  /** The StorageClass, or the one that the cluster marks as its default. */
  readonly storageClass: { readonly name: string } | 'cluster-default';
}

/** A key of a Secret. The value itself has no place in this project. */
export interface SecretRef {
  readonly secretName: string;
  readonly key: string;
}

/** A range of addresses as CIDR, and the TCP ports that are called there. */
export interface Endpoint {
  readonly cidrs: readonly string[];
  readonly ports: readonly number[];
}

export interface ServiceProfile {
  /** A number, or left to the ml-controller: then applying the manifests does not undo what it decided. */
  readonly replicas: number | 'scaled';
  readonly resources: Resources;
}

export interface AutoServeProfile {
  /** The images of AutoServe itself, or the simulator that plays its services. */
  readonly program: 'simulator' | AutoServeImages;
  readonly services: Readonly<Record<Service, ServiceProfile>>;
  readonly logLevel: LogLevel;
  /** A Secret whose keys are mounted as files under /etc/autoserve/secrets, or none. */
  readonly secret: { readonly secretName: string } | 'none';
  /** The message broker through which Celery passes tasks, where the services need one. */
  readonly broker: Endpoint | 'none';
  /** Namespaces whose pods may call the backend, such as that of the ingress controller. */
  readonly clientNamespaces: readonly string[];
}

export interface AutoServeImages {
  /** Where the images `backend`, `worker` and `ml-controller` are pulled from. */
  readonly registry: string;
  /** Their tag: an exact version, which the registry must never move. */
  readonly version: string;
  /** Digest of each image, or none where the registry guards that a version never moves. */
  readonly digests: Readonly<Record<Service, string>> | 'by-version';
  /** Numeric user that the images run as. */
  readonly user: number;
  /** The Secret that opens the registry, where it is not open. */
  readonly pullSecret: { readonly secretName: string } | 'none';
}

export interface PrometheusProfile {
  /** Identical copies, each with a volume of its own. */
  readonly replicas: number;
  readonly retention: Duration;
  /** Blocks beyond this are removed whatever their age; at most 80 % of the volume. */
  readonly retentionSize: Size;
  readonly volume: Volume;
  readonly resources: Resources;
  readonly scrapeInterval: Duration;
  readonly evaluationInterval: Duration;
  readonly scrapeTimeout: Duration;
  /** Jobs that are scraped at another interval. */
  readonly jobIntervals: Partial<Readonly<Record<JobName, Duration>>>;
  /** Namespaces beside AutoServe's whose annotated pods are scraped too. */
  readonly annotatedPodNamespaces: readonly string[];
}

export interface AlertmanagerProfile {
  /** Above 1 they tell each other what they sent, and any one of them is enough. */
  readonly replicas: number;
  /** Silences, and what was sent: without it a restart would forget the one and repeat the other. */
  readonly volume: Volume;
  readonly resources: Resources;
  /** Who is told, and how. Where the secrets lie is up to the site. */
  readonly receivers: Readonly<Record<ReceiverRole, Receiver<SecretRef>>>;
  /** Where the receivers are reached, unless alerts are seen in Alertmanager's interface alone. */
  readonly network: Endpoint | 'none';
  readonly timings: AlertTimings & {
    /** For the one before it in line to send, and to say so: only then does a replica send by itself. */
    readonly peerTimeout: Duration;
    /** After a start, until Prometheus has sent again what silences and inhibits the rest. */
    readonly startDelay: Duration;
  };
}

interface AlertsProfile {
  /** Every alert with its settings, or left out. */
  readonly table: AlertTable;
  /** Requests or tasks per second below which a share of them says nothing. */
  readonly minimumRate: number;
}

/** What people open in a browser: base URLs without a slash at the end, for the links in notifications. */
export interface LinksProfile {
  readonly alertmanager: string;
  readonly prometheus: string;
  readonly grafana: string;
  /** Folder of the runbooks. */
  readonly runbooks: string;
}

/** What the nodes may write while Loki is away, and still nothing is lost. */
export interface OutageBudget {
  readonly duration: Duration;
  /** Lines a second on the busiest node: of AutoServe's services, and of everything else. */
  readonly linesPerSecond: { readonly application: number; readonly platform: number };
}

/** An S3 or Google Cloud bucket. Its credentials are a mounted file, or the identity that the cloud gives the pod. */
export type ObjectStore = (
  | {
      readonly kind: 's3';
      readonly bucket: string;
      readonly region: string;
      /** Amazon's own, or another maker's store. */
      readonly endpoint: 'aws' | { readonly host: string };
    }
  | { readonly kind: 'gcs'; readonly bucket: string }
) & {
  /** A file as the SDKs of Amazon (`credentials`) or Google (`application_default_credentials.json`) read it. */
  readonly credentials: SecretRef | 'workload-identity';
  readonly network: Endpoint;
};

export interface LogsProfile {
  /** How long a line stays queryable. */
  readonly retention: Duration;
  /** What an outage of Loki may cost, and last; or no promise. */
  readonly outage: OutageBudget | 'may-lose-lines';
  /** Where a node's agent keeps what waits for Loki. */
  readonly buffer: 'memory' | { readonly disk: Size };
  /** What the nodes drop of AutoServe's lines. */
  readonly reduction: LogReduction;
  /** Which format the container runtime of the nodes writes. */
  readonly runtime: 'cri' | 'docker';
  /** Nodes that Loki's limits are sized for. */
  readonly maxNodes: number;
  readonly loki: {
    /** Above 1 over an object store only; each line is held by three of them until it is stored. */
    readonly replicas: number;
    /** Chunks and index lie on the volume, or there until they are in the object store. */
    readonly objects: 'volume' | ObjectStore;
    readonly volume: Volume;
    readonly resources: Resources;
  };
  readonly agent: Resources;
}

/** What an external store asks of those who connect. */
interface ExternalStore {
  readonly credentials: { readonly username: SecretRef; readonly password: SecretRef } | 'none';
  /** Whose certificates are trusted: the system's roots, or a CA of one's own. */
  readonly tls: 'off' | 'system-roots' | { readonly ca: SecretRef };
  readonly network: Endpoint;
}

/** Where Jaeger keeps traces. Memory forgets all at a restart. */
export type TraceStore =
  | { readonly kind: 'memory'; readonly maxTraces: number }
  | { readonly kind: 'badger'; readonly retention: Duration; readonly volume: Volume }
  | ExternalTraceStore;
/** How long traces are kept is up to the store. */
export type ExternalTraceStore = ExternalStore &
  (
    | { readonly kind: 'elasticsearch' | 'opensearch'; readonly urls: readonly string[]; readonly indexPrefix: string }
    | {
        readonly kind: 'cassandra';
        readonly servers: readonly string[];
        readonly datacenter: string;
        readonly keyspace: string;
      }
    | { readonly kind: 'clickhouse'; readonly addresses: readonly string[]; readonly database: string }
    // It knows its clients by their network alone: Jaeger has no user or password to show.
    | { readonly kind: 'grpc'; readonly address: string; readonly credentials: 'none' }
  );

export interface TracesProfile {
  /** Above 1 only where the store is external and Jaeger keeps every trace: spans of one go to different replicas. */
  readonly replicas: number;
  readonly store: TraceStore;
  /** Share of traces that a service records of those that begin with it, by how much it matters; 0 to 1. */
  readonly headSampling: Readonly<Record<Criticality, number>>;
  /** Which recorded traces are stored: all; or every error, every slow trace and a share of the rest. */
  readonly tailSampling:
    | 'keep-all'
    | {
        /** From a trace's first span to the decision; longer than a trace that is not slow. */
        readonly decisionWait: Duration;
        readonly keepRatio: number;
        /** Traces that wait for their decision at one time. */
        readonly maxWaiting: number;
      };
  readonly resources: Resources;
}

/** What the anomaly detector learns from. */
export interface AnomaliesProfile {
  /** How far back it looks; Prometheus must keep as much. */
  readonly history: Duration;
  /** Between two values of the history; the rate at which it is thinned out. */
  readonly step: Duration;
  /** A signal with less history is not judged. */
  readonly warmUp: Duration;
  readonly method: AnomalyMethod;
  readonly resources: Resources;
}

/** Where Grafana keeps its users and what they set. Data sources and dashboards are files whatever it is. */
export type GrafanaStore =
  /** A file on a volume, which one replica holds. */
  { readonly kind: 'sqlite'; readonly volume: Volume } | GrafanaPostgres;

/** An empty database of its own, for any number of replicas. */
export interface GrafanaPostgres {
  readonly kind: 'postgres';
  readonly replicas: number;
  /** `host:port` */
  readonly address: string;
  readonly database: string;
  readonly user: SecretRef;
  readonly password: SecretRef;
  /** Whose certificates are trusted: the system's roots, or a CA of one's own. */
  readonly tls: 'off' | 'system-roots' | { readonly ca: SecretRef };
  readonly network: Endpoint;
}

/** How an ingress controller lets people in, over HTTPS. */
export interface IngressProfile {
  /** That of the link by which people come. */
  readonly host: string;
  readonly className: string;
  /** The Secret of type `kubernetes.io/tls` with the certificate. */
  readonly tlsSecretName: string;
  /** Where the controller's pods run: only they get through to the pods behind it. */
  readonly controllerNamespace: string;
  /** What the controller or cert-manager is told. */
  readonly annotations: Readonly<Record<string, string>>;
}

export interface GrafanaProfile {
  readonly store: GrafanaStore;
  /** Who may log in first, and lets others in. Read when the database is empty, and never again. */
  readonly admin: { readonly user: SecretRef; readonly password: SecretRef };
  /** Encrypts what is in the database. With another, that is lost. */
  readonly secretKey: SecretRef;
  readonly ingress: IngressProfile | 'none';
  readonly resources: Resources;
}

/** The PostgreSQL database that AutoServe works on. */
export interface DatabaseProfile {
  readonly endpoint: Endpoint;
  /** `host:port/database?sslmode=…`, the user and its password, for a role that is member of `pg_monitor`. */
  readonly dsn: { readonly uri: SecretRef; readonly user: SecretRef; readonly password: SecretRef };
  readonly resources: Resources;
}

export interface NetworkProfile {
  /** Where the API server really listens, behind the Service `kubernetes`. */
  readonly apiServer: Endpoint;
  /** Addresses of the nodes. */
  readonly nodeCidrs: readonly string[];
  /** The CA that signed the kubelets' certificates: the cluster's, or each kubelet's own, which nobody can check. */
  readonly kubeletCertificates: 'cluster-ca' | 'self-signed';
}

/** One deployment of the whole stack. A profile is a whole value; nothing below `stack.ts` sees all of it. */
export interface Profile {
  /** Name of the folder under `dist`, and the value of `deployment.environment.name`. */
  readonly name: string;
  /** Tells this cluster's series from another's: the external label `cluster`. */
  readonly cluster: string;
  readonly namespaces: Readonly<Record<NamespaceRole, string>>;
  readonly images: Readonly<Record<keyof typeof images, Image>>;
  readonly network: NetworkProfile;
  readonly autoserve: AutoServeProfile;
  readonly links: LinksProfile;
  readonly prometheus: PrometheusProfile;
  readonly alerts: AlertsProfile;
  readonly alertmanager: AlertmanagerProfile;
  readonly logs: LogsProfile;
  readonly traces: TracesProfile;
  readonly anomalies: AnomaliesProfile;
  readonly kubeStateMetrics: Resources;
  readonly nodeExporter: Resources;
  readonly database: DatabaseProfile | 'none';
  readonly grafana: GrafanaProfile;
  /**
   * Who makes the Secrets: the site, which alone knows what is in them; or `kubectl apply -k`, from what the guide tells
   * everybody. The latter is for a laptop, where nobody else comes.
   */
  readonly secrets: 'by-site' | 'public';
}
