// Package evidence locates the history to verify (its files in a folder or at a running
// platform, or the stream itself) and the keys to verify it with.
package evidence

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/verify/files"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	"github.com/stafett/stafett/services/platform"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
)

// answerWithin limits the time that a platform may take for one file.
const answerWithin = 30 * time.Second

// Platform returns a running platform's tile server for a log, as an auditor sees it.
func Platform(ctx context.Context, target cli.Target, auditor string, log auditv1.Log) (files.Server, error) {
	at, identity, err := target.Find()
	if err != nil {
		return files.Server{}, err
	}
	credentials := platform.Credentials(identity, "auditor", auditor)
	address, err := tilesAt(ctx, at, credentials, log)
	if err != nil {
		return files.Server{}, err
	}
	config, err := client.ClientTLS(credentials, "audit")
	if err != nil {
		return files.Server{}, err
	}
	return files.Server{URL: address, Client: &http.Client{Timeout: answerWithin, Transport: &http.Transport{TLSClientConfig: config}}}, nil
}

// tilesAt finds the address of the tile server. The platform supplies the port; the host
// is the one that answered.
func tilesAt(ctx context.Context, at client.Addresses, credentials client.Credentials, log auditv1.Log) (string, error) {
	connected, err := client.Connect(at, credentials)
	if err != nil {
		return "", err
	}
	defer connected.Close()
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	answer, err := connected.Audit.GetCheckpoint(ctx, &auditv1.GetCheckpointRequest{Log: log})
	if err != nil {
		return "", err
	}
	told, err := url.Parse(answer.TilesUrl)
	if err != nil || told.Port() == "" {
		return "", fmt.Errorf("audit at %s serves no tiles; start it with --tiles", at.Audit)
	}
	host, _, err := net.SplitHostPort(at.Audit)
	if err != nil {
		return "", err
	}
	told.Host = net.JoinHostPort(host, told.Port())
	return told.String(), nil
}
