package witnesses

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/stafett/stafett/pkg/verify"
)

// Newest asks the named witnesses at once for the checkpoint of a log that each has cosigned
// last. Whoever answers without one, because it knows none or does not tell, has no text. The
// errors are those of the witnesses that did not answer before the context ended.
func (w *Witnesses) Newest(ctx context.Context, origin string, names map[string]bool) (texts map[string][]byte, silent map[string]error) {
	texts, silent = map[string][]byte{}, map[string]error{}
	var mu sync.Mutex
	var asked sync.WaitGroup
	for _, witness := range w.policy.Witnesses {
		if !names[witness.Name] {
			continue
		}
		asked.Go(func() {
			text, err := w.newest(ctx, witness, origin)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				silent[witness.Name] = err
			} else {
				texts[witness.Name] = text
			}
		})
	}
	asked.Wait()
	return texts, silent
}

// Names are those of the witnesses that can be asked.
func (w *Witnesses) Names() map[string]bool {
	names := map[string]bool{}
	for _, witness := range w.policy.Witnesses {
		if witness.URL != "" {
			names[witness.Name] = true
		}
	}
	return names
}

// NewestPath is where a witness shows what it has cosigned last of a log. C2SP leaves it open so
// far, so witnesses of other makes may not have it.
func NewestPath(origin string) string {
	return fmt.Sprintf("/%x/checkpoint", sha256.Sum256([]byte(origin)))
}

func (w *Witnesses) newest(ctx context.Context, witness verify.PolicyWitness, origin string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(witness.URL, "/")+NewestPath(origin), nil)
	if err != nil {
		return nil, err
	}
	response, err := w.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	switch {
	case response.StatusCode >= http.StatusInternalServerError:
		return nil, fmt.Errorf("it answers with status %d", response.StatusCode)
	case response.StatusCode != http.StatusOK:
		return nil, nil
	}
	return io.ReadAll(io.LimitReader(response.Body, maxAnswer))
}
