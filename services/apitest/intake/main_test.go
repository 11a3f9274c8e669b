// Package intake_test calls the whole platform through its API. It covers conversations: legs, tickets, packets, what a child is told, watches.
package intake_test

import (
	"testing"

	"github.com/stafett/stafett/services/apitest"
)

func TestMain(m *testing.M) { apitest.Main(m) }
