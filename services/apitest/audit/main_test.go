// Package audit_test calls the whole platform through its API. It covers audit: replay, state,
// proofs, and the access log.
package audit_test

import (
	"testing"

	"github.com/stafett/stafett/services/apitest"
)

func TestMain(m *testing.M) { apitest.Main(m) }
