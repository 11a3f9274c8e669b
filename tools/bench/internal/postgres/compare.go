package postgres

import (
	"context"
	"errors"
	"os"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/tools/bench/internal/warm"
)

// Platform is a handover service on a PostgreSQL of its own, in a folder that is removed when
// it stops.
type Platform struct {
	*Server
	cluster *Cluster
	folder  string
}

// Start starts both. Files returns the certificates of a service.
func Start(ctx context.Context, files func(service string) client.Credentials) (*Platform, error) {
	folder, err := os.MkdirTemp("", "stafett-bench-postgres")
	if err != nil {
		return nil, err
	}
	cluster, err := StartCluster(ctx, folder)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	server, err := Serve(ctx, cluster.Address(), files)
	if err != nil {
		return nil, errors.Join(err, cluster.Stop(), os.RemoveAll(folder))
	}
	return &Platform{server, cluster, folder}, nil
}

// Address is what else connects to the database.
func (p *Platform) Address() string { return p.cluster.Address() }

// Stop stops both.
func (p *Platform) Stop() error {
	return errors.Join(p.Close(), p.cluster.Stop(), os.RemoveAll(p.folder))
}

// Pair is a pair of lines that is connected to the service instead.
func (p *Platform) Pair(ctx context.Context, sender, receiver string, line func(id string) client.Credentials) (warm.Pair, error) {
	from, err := client.Connect(p.addresses, line(sender))
	if err != nil {
		return warm.Pair{}, err
	}
	to, err := client.Connect(p.addresses, line(receiver))
	if err != nil {
		return warm.Pair{}, err
	}
	return warm.Connected(ctx, receiver, from, to)
}
