package server

import (
	"fmt"
	"os"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
)

const checkpointUsage = "`file` with a checkpoint of this log that was kept elsewhere, to compare the log with"

// readCheckpoint reads a file with a checkpoint; nil if none is named.
func readCheckpoint(path string) ([]byte, error) {
	if path == "" {
		return nil, nil
	}
	text, err := os.ReadFile(path)
	if err == nil {
		_, err = verify.UnverifiedCheckpoint(text)
	}
	if err != nil {
		return nil, cli.Usage(fmt.Errorf("--checkpoint %s: %w", path, err))
	}
	return text, nil
}
