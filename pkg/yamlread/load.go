package yamlread

import (
	"fmt"
	"io"
	"os"
)

// Load reads a file into memory. It refuses a file larger than [MaxBytes] with an [Error],
// without reading it. From a pipe it reads no more than [Read] needs to refuse it.
func Load(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() > MaxBytes {
		return nil, tooLarge(path, info.Size())
	}
	return io.ReadAll(io.LimitReader(file, MaxBytes+1))
}

func tooLarge(name string, size int64) error {
	return &Error{name, 1, 1, fmt.Sprintf("the file has %d bytes; write at most %d", size, MaxBytes)}
}
