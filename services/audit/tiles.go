package audit

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/stafett/stafett/pkg/refusal"
	"github.com/stafett/stafett/pkg/verify"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	"github.com/stafett/stafett/services/internal/identity"
	"github.com/stafett/stafett/services/internal/tree"
)

// Tiles says where both logs are served as C2SP tlog-tiles over HTTPS. Without a listener they
// are not served.
type Tiles struct {
	Listener net.Listener
	TLS      *tls.Config
}

// accessesPrefix is the path under which the tiles of the access record are served.
const accessesPrefix = "/accesses"

func (t Tiles) url(log auditv1.Log) string {
	if t.Listener == nil {
		return ""
	}
	url := "https://" + t.Listener.Addr().String()
	if log == auditv1.Log_LOG_ACCESSES {
		return url + accessesPrefix
	}
	return url
}

const tileWithin = 10 * time.Second

func (s *Service) serveTiles(ctx context.Context) error {
	if s.tiles.Listener == nil {
		return nil
	}
	server := &http.Server{
		Handler: s.tilesHandler(), TLSConfig: s.tiles.TLS,
		ReadTimeout: tileWithin, WriteTimeout: tileWithin, MaxHeaderBytes: 16 << 10,
		ErrorLog: log.New(io.Discard, "", 0), // it would log addresses of clients whose handshake failed
	}
	defer context.AfterFunc(ctx, func() { server.Close() })()
	if err := server.ServeTLS(s.tiles.Listener, "", ""); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func (s *Service) tilesHandler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", s.tilesOf(auditv1.Log_LOG_HISTORY))
	mux.Handle(accessesPrefix+"/", http.StripPrefix(accessesPrefix, s.tilesOf(auditv1.Log_LOG_ACCESSES)))
	return mux
}

// tilesOf serves a log's files.
func (s *Service) tilesOf(log auditv1.Log) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /checkpoint", s.forPeers(log, serveCheckpoint, identity.Auditor, identity.Line, identity.Operator))
	mux.Handle("GET /tile/entries/", s.forPeers(log, s.serveBundle, identity.Auditor))
	mux.Handle("GET /tile/", s.forPeers(log, s.serveTile, identity.Auditor, identity.Line, identity.Operator))
	return mux
}

// request is one HTTP request about a log.
type request struct {
	*http.Request
	which auditv1.Log
	log   *proved
	peer  identity.Peer
}

// forPeers admits peers of some kinds only, as long as the log is usable.
func (s *Service) forPeers(which auditv1.Log, serve func(http.ResponseWriter, request), kinds ...identity.Kind) http.HandlerFunc {
	return func(out http.ResponseWriter, r *http.Request) {
		peer, err := identity.PeerFromConnection(*r.TLS)
		if err != nil {
			http.Error(out, "present a client certificate of this platform", http.StatusUnauthorized)
			return
		}
		if !slices.Contains(kinds, peer.Kind) {
			http.Error(out, "this is not for "+string(peer.Kind)+"s; ask as an auditor", http.StatusForbidden)
			return
		}
		log, err := s.logOf(r.Context(), which)
		if err != nil {
			http.Error(out, err.Error(), http.StatusServiceUnavailable)
			return
		}
		serve(out, request{r, which, log, peer})
	}
}

func serveCheckpoint(out http.ResponseWriter, r request) {
	signed := r.log.history.Published()
	if len(signed) == 0 {
		http.Error(out, "no checkpoint has been published yet", http.StatusNotFound)
		return
	}
	out.Header().Set("Content-Type", "text/plain; charset=utf-8")
	out.Header().Set("Cache-Control", "no-cache")
	out.Write(signed)
}

func (s *Service) serveTile(out http.ResponseWriter, r request) {
	s.tile(out, r, r.log.history.Tree().Tile)
}

// tile serves a tile, which never changes.
func (s *Service) tile(out http.ResponseWriter, r request, read func(tlog.Tile) ([]byte, error)) {
	t, err := verify.ParseTilePath(r.URL.Path[1:])
	if err != nil {
		http.Error(out, err.Error(), http.StatusNotFound)
		return
	}
	data, err := read(t)
	var refused *refusal.Error
	switch {
	case errors.As(err, &refused):
		http.Error(out, refused.Message, http.StatusServiceUnavailable)
	case errors.Is(err, tree.ErrNotThere):
		http.Error(out, "the log has no such tile yet", http.StatusNotFound)
	case err != nil:
		s.deps.Logger.Error("tile", "path", r.URL.Path, "error", err)
		http.Error(out, "the tile cannot be read at the moment; ask again", http.StatusServiceUnavailable)
	default:
		out.Header().Set("Content-Type", "application/octet-stream")
		out.Header().Set("Cache-Control", "private, max-age=31536000, immutable")
		out.Write(data)
	}
}
