// Package sealing_test calls the whole platform through pkg/sealing, as lines' own systems do.
package sealing_test

import (
	"testing"

	"github.com/stafett/stafett/services/apitest"
)

func TestMain(m *testing.M) { apitest.Main(m) }
