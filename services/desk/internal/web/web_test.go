package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
)

// TestAPageThatClosesTakesNothingBack of what it had asked for.
func TestAPageThatClosesTakesNothingBack(t *testing.T) {
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	lasting(func(_ http.ResponseWriter, r *http.Request) {
		if _, bounded := r.Context().Deadline(); r.Context().Err() != nil || !bounded {
			t.Errorf("the request of a page that is gone: %v, bounded: %t", r.Context().Err(), bounded)
		}
	})(httptest.NewRecorder(), httptest.NewRequest("POST", "/chat/no", nil).WithContext(gone))
}
