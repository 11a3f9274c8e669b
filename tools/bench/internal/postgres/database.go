package postgres

import (
	"context"
	_ "embed"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

//go:embed schema.sql
var schema string

// connections is as many as the processors and the disk can use.
const connections = 32

// startsWithin is how long the server may take.
const startsWithin = 30 * time.Second

// connect waits for the server, and makes the tables.
func connect(ctx context.Context, address string) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, err
	}
	config.MaxConns, config.MinConns = connections, connections
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, startsWithin)
	defer cancel()
	for err = pool.Ping(ctx); err != nil && ctx.Err() == nil; err = pool.Ping(ctx) {
		time.Sleep(50 * time.Millisecond)
	}
	if err != nil {
		return nil, err
	}
	_, err = pool.Exec(ctx, schema)
	return pool, err
}

// transaction sends what reads and locks in one round trip, and what writes in a second,
// which commits.
func (s *service) transaction(ctx context.Context, lock *pgx.Batch, write func() (*pgx.Batch, error)) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	if err := conn.SendBatch(ctx, lock).Close(); err != nil {
		return rolledBack(ctx, conn, err)
	}
	batch, err := write()
	if err != nil {
		return rolledBack(ctx, conn, err)
	}
	batch.Queue("COMMIT")
	if err := conn.SendBatch(ctx, batch).Close(); err != nil {
		return rolledBack(ctx, conn, err)
	}
	return nil
}

func rolledBack(ctx context.Context, conn *pgxpool.Conn, err error) error {
	if _, failed := conn.Exec(context.WithoutCancel(ctx), "ROLLBACK"); failed != nil {
		conn.Conn().Close(ctx)
	}
	return err
}
