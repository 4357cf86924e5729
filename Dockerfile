FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o /usher . && mkdir /data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /usher /usher
COPY --from=build --chown=65532:65532 /data /data
USER 65532:65532
VOLUME /data
EXPOSE 8080
ENV USHER_DATA=/data USHER_LISTEN=0.0.0.0:8080
HEALTHCHECK --interval=10s --timeout=3s CMD ["/usher", "health", "http://127.0.0.1:8080"]
ENTRYPOINT ["/usher"]
CMD ["serve"]
