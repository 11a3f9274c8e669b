package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
)

// Cluster is a PostgreSQL server of its own in a folder, reachable through a socket there.
type Cluster struct {
	folder  string
	server  *exec.Cmd
	account *syscall.Credential // nil: this process's own
}

// settings are what a team would set on a machine like this. Nothing that is acknowledged can
// be lost: fsync, full_page_writes and synchronous_commit stay on.
var settings = []string{
	"fsync=on", "synchronous_commit=on", "full_page_writes=on", "listen_addresses=", "max_connections=100",
	"shared_buffers=512MB", "max_wal_size=4GB", "checkpoint_timeout=30min", "jit=off", "wal_compression=off",
}

// ErrMissing: PostgreSQL is not installed.
var ErrMissing = errors.New("PostgreSQL 15's server programs (initdb, postgres) are neither in the PATH nor in /usr/lib/postgresql/15/bin; install them, on Debian 12 with: apt-get install postgresql-15")

// StartCluster makes a database in the folder and starts its server.
func StartCluster(ctx context.Context, folder string) (*Cluster, error) {
	c := &Cluster{folder: folder}
	if err := c.unprivileged(); err != nil {
		return nil, err
	}
	initdb, err := program("initdb")
	if err != nil {
		return nil, err
	}
	made, err := c.command(ctx, initdb, "--pgdata", c.data(), "--auth", "trust", "--username", "bench", "--encoding", "UTF8", "--locale", "C").CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, made)
	}
	return c, c.start(ctx)
}

func (c *Cluster) data() string { return filepath.Join(c.folder, "postgres") }

func (c *Cluster) start(ctx context.Context) error {
	postgres, err := program("postgres")
	if err != nil {
		return err
	}
	args := []string{"-D", c.data(), "-k", c.folder}
	for _, setting := range settings {
		args = append(args, "-c", setting)
	}
	c.server = c.command(context.WithoutCancel(ctx), postgres, args...)
	return c.server.Start()
}

// Stop stops the server.
func (c *Cluster) Stop() error {
	if err := c.server.Process.Signal(syscall.SIGINT); err != nil { // closes connections and writes everything
		return err
	}
	return c.server.Wait()
}

// Address is what clients connect to.
func (c *Cluster) Address() string {
	return fmt.Sprintf("host=%s user=bench dbname=postgres sslmode=disable", c.folder)
}

// unprivileged gives the folder to another account if this process is root's, under which
// PostgreSQL does not run.
func (c *Cluster) unprivileged() error {
	if os.Geteuid() != 0 {
		return nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		account, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, _ := strconv.Atoi(account.Uid) // a number on Unix
		gid, _ := strconv.Atoi(account.Gid)
		c.account = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		return os.Chown(c.folder, uid, gid)
	}
	return errors.New("PostgreSQL does not run as root, and there is neither an account postgres nor one nobody; run the bench as another user")
}

func (c *Cluster) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, name, args...)
	command.Dir = c.folder
	if c.account != nil {
		command.SysProcAttr = &syscall.SysProcAttr{Credential: c.account}
	}
	return command
}

// program finds a server program of PostgreSQL 15.
func program(name string) (string, error) {
	candidates := []string{filepath.Join("/usr/lib/postgresql/15/bin", name)}
	if path, err := exec.LookPath(name); err == nil {
		candidates = append(candidates, path)
	}
	i := slices.IndexFunc(candidates, func(path string) bool { _, err := os.Stat(path); return err == nil })
	if i < 0 {
		return "", ErrMissing
	}
	return candidates[i], nil
}
