# Two stages: build with all tools, run with none.
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
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/vendor vendor
COPY --from=build /app/dist dist
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
ENV TYR_DATA_PATH=/data
# The config is mounted; the root file system may be read-only.
ENTRYPOINT ["node", "--disable-warning=DEP0060", "dist/main.js"]
CMD ["--config", "/config/tyr.yaml"]
