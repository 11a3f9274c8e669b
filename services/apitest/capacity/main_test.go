// Package capacity_test calls the whole platform through its API. It covers seats: reports, reservations, unknown seats, and races for the last one.
package capacity_test

import (
	"testing"

	"github.com/stafett/stafett/services/apitest"
)

func TestMain(m *testing.M) { apitest.Main(m) }
