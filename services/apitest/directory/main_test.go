// Package directory_test calls the whole platform through its API. It covers the directory of
// lines: lines files, rotas, closures, doors.
package directory_test

import (
	"testing"

	"github.com/stafett/stafett/services/apitest"
)

func TestMain(m *testing.M) { apitest.Main(m) }
