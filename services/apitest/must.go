package apitest

import (
	"testing"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/services/internal/identity"
	"github.com/stafett/stafett/services/platform"
)

func Connect(t *testing.T, p *platform.Platform, data string, kind identity.Kind, id string) *client.Platform {
	t.Helper()
	c, err := client.Connect(p.Addresses(), identity.FilesIn(platform.IdentityFolder(data), kind, id))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func Must[T any](t *testing.T) func(T, error) T {
	return func(answer T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return answer
	}
}
