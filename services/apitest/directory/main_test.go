// Package directory_test calls the whole platform through its API. It covers what the platform knows of lines: files of lines, rotas, closures, doors.
package directory_test

import (
	"testing"

	"github.com/stafett/stafett/services/apitest"
)

func TestMain(m *testing.M) { apitest.Main(m) }
