package audit

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/stafett/stafett/pkg/verify"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/audit/internal/access"
	"github.com/stafett/stafett/services/internal/identity"
	"github.com/stafett/stafett/services/internal/tree"
)

// Tiles is where the history is served as C2SP tlog-tiles, by HTTPS. Without a
// listener it is not.
type Tiles struct {
	Listener net.Listener
	TLS      *tls.Config
}

func (t Tiles) url() string {
	if t.Listener == nil {
		return ""
	}
	return "https://" + t.Listener.Addr().String()
}

// tileWithin bounds a request.
const tileWithin = 10 * time.Second

func (s *Service) serveTiles(ctx context.Context) error {
	if s.tiles.Listener == nil {
		return nil
	}
	server := &http.Server{
		Handler: s.tilesHandler(), TLSConfig: s.tiles.TLS,
		ReadTimeout: tileWithin, WriteTimeout: tileWithin, MaxHeaderBytes: 16 << 10,
		ErrorLog: log.New(io.Discard, "", 0), // it would tell addresses of those who cannot shake hands
	}
	defer context.AfterFunc(ctx, func() { server.Close() })()
	if err := server.ServeTLS(s.tiles.Listener, "", ""); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func (s *Service) tilesHandler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /checkpoint", s.forPeers(s.serveCheckpoint, identity.Auditor, identity.Line, identity.Operator))
	mux.Handle("GET /tile/entries/", s.forPeers(s.serveBundle, identity.Auditor))
	mux.Handle("GET /tile/", s.forPeers(s.serveTile, identity.Auditor, identity.Line, identity.Operator))
	return mux
}

// forPeers lets in peers of some kinds only.
func (s *Service) forPeers(serve func(http.ResponseWriter, *http.Request, identity.Peer), kinds ...identity.Kind) http.HandlerFunc {
	return func(out http.ResponseWriter, r *http.Request) {
		peer, err := identity.PeerFromConnection(*r.TLS)
		if err != nil {
			http.Error(out, "present a client certificate of this platform", http.StatusUnauthorized)
			return
		}
		for _, kind := range kinds {
			if peer.Kind == kind {
				serve(out, r, peer)
				return
			}
		}
		http.Error(out, "this is not for a "+string(peer.Kind)+"; ask as an auditor", http.StatusForbidden)
	}
}

func (s *Service) serveCheckpoint(out http.ResponseWriter, _ *http.Request, _ identity.Peer) {
	signed := s.history.Published()
	if len(signed) == 0 {
		http.Error(out, "no checkpoint has been published yet", http.StatusNotFound)
		return
	}
	out.Header().Set("Content-Type", "text/plain; charset=utf-8")
	out.Header().Set("Cache-Control", "no-cache")
	out.Write(signed)
}

func (s *Service) serveTile(out http.ResponseWriter, r *http.Request, _ identity.Peer) {
	s.tile(out, r, s.history.Tree().Tile)
}

// serveBundle serves entries, once it is recorded who reads them. Somebody else's
// program states no purpose, so it is the one that tiles are for.
func (s *Service) serveBundle(out http.ResponseWriter, r *http.Request, peer identity.Peer) {
	s.tile(out, r, func(t tlog.Tile) ([]byte, error) {
		entries, err := s.history.Bundle(r.Context(), t)
		if err != nil {
			return nil, err
		}
		first := uint64(t.N) << t.H
		return entries, s.record.Add(r.Context(), access.Access{
			Caller: peer.URI, Command: "ReadEntries",
			Purpose: &eventv1.Purpose{Code: eventv1.PurposeCode_PURPOSE_CODE_INTEGRITY},
			Reading: &eventv1.Reading{AfterPosition: first, UntilPosition: first + uint64(t.W), LogPosition: s.model.Position()},
		})
	})
}

// tile answers with a tile, which never changes.
func (s *Service) tile(out http.ResponseWriter, r *http.Request, read func(tlog.Tile) ([]byte, error)) {
	t, err := verify.ParseTilePath(r.URL.Path[1:])
	if err != nil {
		http.Error(out, err.Error(), http.StatusNotFound)
		return
	}
	data, err := read(t)
	switch {
	case errors.Is(err, tree.ErrNotThere):
		http.Error(out, "the history has no such tile yet", http.StatusNotFound)
	case err != nil:
		s.host.Logger.Error("tile", "path", r.URL.Path, "error", err)
		http.Error(out, "the tile cannot be read at the moment; ask again", http.StatusServiceUnavailable)
	default:
		out.Header().Set("Content-Type", "application/octet-stream")
		out.Header().Set("Cache-Control", "private, max-age=31536000, immutable")
		out.Write(data)
	}
}
