// The homeserver.yaml of a test server, as the JSON that YAML includes. Defaults are Synapse's own except where a
// test would wait, reach out of the machine, or depend on somebody else's service.

export type SynapseConfig = Readonly<Record<string, unknown>>;

export interface ConfigInput {
  readonly folder: string;
  readonly serverName: string;
  readonly bindAddress: string;
  readonly clientPort: number;
  readonly federation:
    { readonly port: number; readonly certificate: string; readonly key: string } | undefined;
  readonly sharedSecret: string;
  readonly rateLimits: "none" | "default";
  readonly defaultRoomVersion: string;
  readonly experimentalFeatures: Readonly<Record<string, unknown>>;
}

export function synapseConfig(input: ConfigInput): SynapseConfig {
  const { folder, bindAddress, clientPort, federation } = input;
  return {
    server_name: input.serverName,
    public_baseurl: `http://${bindAddress}:${clientPort}/`,
    listeners: listeners(input),
    ...(federation && { tls_certificate_path: federation.certificate, tls_private_key_path: federation.key }),
    pid_file: `${folder}/homeserver.pid`,
    database: { name: "sqlite3", args: { database: `${folder}/homeserver.db` } },
    media_store_path: `${folder}/media`,
    signing_key_path: `${folder}/signing.key`,
    log_config: `${folder}/log.yaml`,
    macaroon_secret_key: input.sharedSecret,
    form_secret: input.sharedSecret,
    registration_shared_secret: input.sharedSecret,
    enable_registration: true,
    enable_registration_without_verification: true,
    bcrypt_rounds: 4,
    report_stats: false,

    // Federation stays on loopback, between certificates that nobody signed.
    trusted_key_servers: [],
    suppress_key_server_warning: true,
    federation_verify_certificates: false,
    ip_range_blacklist: [],
    federation_ip_range_blacklist: [],

    default_room_version: input.defaultRoomVersion,
    room_list_publication_rules: [{ action: "allow" }],
    max_event_delay_duration: "24h",
    presence: { enabled: false },
    // Answers of /sync that are kept for two minutes would hide what a restarted client has missed.
    caches: { sync_response_cache_duration: 0 },
    experimental_features: {
      msc2815_enabled: true,
      msc3848_enabled: true,
      msc3912_enabled: true,
      msc4155_enabled: true,
      msc4222_enabled: true,
      msc4293_enabled: true,
      ...input.experimentalFeatures,
    },
    ...(input.rateLimits === "none" ? withoutRateLimits() : {}),
  };
}

/** What Python's logging needs to write one line per entry to the standard output. */
export const logConfig = {
  version: 1,
  formatters: { line: { format: "%(asctime)s %(levelname)s %(name)s %(request)s %(message)s" } },
  filters: { context: { "()": "synapse.logging.context.LoggingContextFilter", request: "" } },
  handlers: { console: { class: "logging.StreamHandler", formatter: "line", filters: ["context"] } },
  root: { level: "INFO", handlers: ["console"] },
  disable_existing_loggers: false,
};

function listeners({ bindAddress, clientPort, federation }: ConfigInput): readonly unknown[] {
  const http = { type: "http", bind_addresses: [bindAddress] };
  const client = {
    ...http,
    port: clientPort,
    tls: false,
    resources: [{ names: ["client"], compress: false }],
  };
  if (federation === undefined) return [client];
  const resources = [{ names: ["federation"], compress: false }];
  return [client, { ...http, port: federation.port, tls: true, resources }];
}

function withoutRateLimits(): SynapseConfig {
  const free = { per_second: 9999, burst_count: 9999 };
  return {
    rc_message: free,
    rc_admin_redaction: free,
    rc_registration: free,
    rc_registration_token_validity: free,
    rc_login: { address: free, account: free, failed_attempts: free },
    rc_joins: { local: free, remote: free },
    rc_joins_per_room: free,
    rc_invites: { per_room: free, per_user: free, per_issuer: free },
    rc_3pid_validation: free,
    rc_presence: { per_user: free },
    rc_room_creation: free,
    rc_user_directory: free,
    rc_delayed_event_mgmt: free,
    rc_reports: free,
    rc_federation: {
      window_size: 1000,
      sleep_limit: 9999,
      sleep_delay: 1,
      reject_limit: 99_999,
      concurrent: 99,
    },
  };
}
