# Two stages: build with all tools, run with none. docs/setup.md says how to use it.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY vendor vendor
# The compiler is an optional package of its platform, so those are needed until it has run.
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY src src
RUN npm run build && npm prune --omit=dev --omit=optional

FROM node:24-bookworm-slim
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Tyr" \
      org.opencontainers.image.description="A moderation bot for Matrix" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
# Nothing is installed from here on: without these tools an intruder cannot install anything either.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /opt/yarn* /usr/local/bin/yarn*
ENV NODE_ENV=production TYR_DATA_PATH=/data
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/vendor vendor
COPY --from=build /app/dist dist
RUN mkdir /data /config && chown node:node /data /config
USER node
VOLUME /data
# Node itself asks: there is nothing else in here that could. The port is the one of the section `web`.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.TYR_WEB_PORT ?? 8787}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# The config is mounted; the root file system may be read-only, with a tmpfs at /tmp.
ENTRYPOINT ["node", "/app/dist/main.js"]
CMD ["run", "--config", "/config/tyr.yaml"]
