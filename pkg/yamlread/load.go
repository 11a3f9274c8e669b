package yamlread

import (
	"fmt"
	"io"
	"os"
)

// Load reads a file into memory. It refuses a file larger than usual with an [Error], without
// reading it. From a pipe it reads no more than [Read] needs to refuse it.
func Load(path string) ([]byte, error) { return Usual.Load(path) }

// Load is like the function [Load], with other bounds.
func (b Bounds) Load(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() > int64(b.Bytes) {
		return nil, b.tooLarge(path, info.Size())
	}
	return io.ReadAll(io.LimitReader(file, int64(b.Bytes)+1))
}

func (b Bounds) tooLarge(name string, size int64) error {
	return &Error{name, 1, 1, fmt.Sprintf("the file has %d bytes; write at most %d", size, b.Bytes)}
}
