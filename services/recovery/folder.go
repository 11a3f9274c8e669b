package recovery

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	natsserver "github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// copyFolder copies a folder with its files' permissions: some are private keys. It leaves out links:
// what they point to is not the platform's data.
func copyFolder(from, to string) error {
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if entry.Type() == fs.ModeSymlink {
			return nil
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if entry.IsDir() {
			return os.MkdirAll(filepath.Join(to, name), info.Mode().Perm())
		}
		return copyFile(path, filepath.Join(to, name), info.Mode().Perm())
	})
}

func copyFile(from, to string, mode fs.FileMode) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
	if err != nil {
		return err
	}
	if _, err := io.Copy(target, source); err != nil {
		return fmt.Errorf("copy %s: %w", from, err)
	}
	return target.Close()
}

// server is a nats-server on the copy. It need not sync: nobody is told of anything before the
// copy is complete.
type server struct {
	nats *natsserver.Server
	nc   *nats.Conn
}

func startServer(log string) (*server, error) {
	embedded, err := natsserver.NewServer(&natsserver.Options{
		ServerName: "stafett-recovery", DontListen: true, NoSigs: true, NoLog: true, JetStream: true, StoreDir: log, JetStreamMaxStore: 1 << 60,
	})
	if err != nil {
		return nil, err
	}
	go embedded.Start()
	if !embedded.ReadyForConnections(time.Minute) {
		go embedded.Shutdown() // it may never return
		return nil, fmt.Errorf("the files of the log cannot be opened at all; restore %s from a copy, even an older one, and try again", filepath.Base(log))
	}
	nc, err := nats.Connect("", nats.InProcessServer(embedded))
	if err != nil {
		return nil, err
	}
	return &server{embedded, nc}, nil
}

// stop closes the files, after everything is on the disk.
func (s *server) stop() {
	s.nc.Close()
	s.nats.Shutdown()
	s.nats.WaitForShutdown()
}

// has reports whether there is a stream.
func (s *server) has(ctx context.Context, name string) (bool, error) {
	js, err := jetstream.New(s.nc)
	if err != nil {
		return false, err
	}
	if _, err = js.Stream(ctx, name); errors.Is(err, jetstream.ErrStreamNotFound) {
		return false, nil
	}
	return err == nil, err
}

// create makes a stream. The server removes the files of a deleted one beside its answer, and
// refuses new ones until then.
func (s *server) create(ctx context.Context, config jetstream.StreamConfig) error {
	js, err := jetstream.New(s.nc)
	if err != nil {
		return err
	}
	for {
		_, err := js.CreateStream(ctx, config)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(10 * time.Millisecond):
		}
	}
}
