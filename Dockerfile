# One image with two static binaries and nothing else: stafett and nats-server.
FROM golang:1.26 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -o /out/ ./tools/stafett github.com/nats-io/nats-server/v2

FROM scratch
COPY --from=build /out/stafett /out/nats-server /bin/
COPY --from=build /src/deploy/nats.conf /etc/nats.conf
ENTRYPOINT ["/bin/stafett"]
