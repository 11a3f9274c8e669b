# One image with two static binaries and nothing else: stafett and nats-server.
FROM golang:1.26 AS build
WORKDIR /src
COPY . .
# What "stafett --version" says: --build-arg VERSION="$(git describe --tags)"
ARG VERSION=""
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-X github.com/stafett/stafett/tools/stafett/internal/root.tagged=$VERSION" \
    -o /out/ ./tools/stafett github.com/nats-io/nats-server/v2

FROM scratch
COPY --from=build /out/stafett /out/nats-server /bin/
COPY --from=build /src/deploy/nats.conf /etc/nats.conf
ENTRYPOINT ["/bin/stafett"]
