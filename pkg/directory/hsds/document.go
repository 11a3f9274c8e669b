package hsds

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// document is what a file of HSDS may be: a page of a feed, or an organization with its
// services, or a service, which has neither.
type document struct {
	Contents []json.RawMessage `json:"contents"`
	Services []json.RawMessage `json:"services"`
	Name     string            `json:"name"`
	Page     int               `json:"page_number"`
	Pages    int               `json:"total_pages"`
}

// found is a service that was not decoded yet, and the organization around it.
type found struct {
	text         json.RawMessage
	organization string
}

// servicesIn returns the services of a document in its order, and the document around them.
func servicesIn(name string, text []byte) (all []found, around document, err error) {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	items := []json.RawMessage{text}
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("[")) {
		err = json.Unmarshal(text, &items)
	} else if err = json.Unmarshal(text, &around); around.Contents != nil {
		items = around.Contents
	}
	if err != nil {
		return nil, around, unreadable(name, text, err)
	}
	for _, item := range items {
		all = append(all, servicesOf(item)...)
	}
	return all, around, nil
}

// servicesOf returns the services of an organization, or else the item itself.
func servicesOf(item json.RawMessage) (all []found) {
	var of document
	if json.Unmarshal(item, &of) != nil || of.Services == nil {
		return []found{{text: item}}
	}
	for _, text := range of.Services {
		all = append(all, found{text, of.Name})
	}
	return all
}

// unreadable says where a text is not JSON.
func unreadable(name string, text []byte, err error) error {
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		return fmt.Errorf("%s: %v; write a service of HSDS 3, an array of services, or a page of them", name, err)
	}
	before := text[:min(int(syntax.Offset), len(text))]
	line, column := 1+bytes.Count(before, []byte("\n")), len(before)-bytes.LastIndexByte(before, '\n')-1
	return fmt.Errorf("%s:%d:%d: this is not JSON: %v; export it again if it was cut off", name, line, column, err)
}

// decode reads one service. The error names the field with the mistake.
func (f found) decode() (s service, err error) {
	err = json.Unmarshal(f.text, &s)
	var mistyped *json.UnmarshalTypeError
	switch {
	case errors.As(err, &mistyped) && mistyped.Field == "":
		return s, fmt.Errorf("it is a JSON %s, not a service", mistyped.Value)
	case errors.As(err, &mistyped):
		return s, fmt.Errorf("its %s is a %s, which HSDS 3 does not allow", mistyped.Field, mistyped.Value)
	case s.Organization.Name == "":
		s.Organization.Name = f.organization
	}
	return s, err
}
