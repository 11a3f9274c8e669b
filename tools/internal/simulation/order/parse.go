package order

import (
	"errors"
	"strconv"
	"time"

	"google.golang.org/protobuf/reflect/protoreflect"
)

func (o *Order) set(name, value string) error {
	if text := o.texts()[name]; text != nil {
		*text = value
		return nil
	}
	n, err := o.value(name, value)
	if err != nil {
		return err
	}
	switch name {
	case "handover":
		o.Handover = uint32(n)
	case "offer":
		o.Offer = uint32(n)
	case "ticket":
		o.Ticket = uint32(n)
	case "code":
		o.Code = int32(n)
	case "scopes":
		o.Scopes = Scopes(n)
	case "at":
		o.At = time.Duration(n) * time.Second
	default:
		return errors.New("there is no such field")
	}
	return nil
}

func (o *Order) texts() map[string]*string {
	return map[string]*string{"line": &o.Line, "to": &o.To, "person": &o.Person, "second": &o.Second}
}

// value parses a number or the name of a code.
func (o *Order) value(name, value string) (int64, error) {
	if named := codes[o.Command]; name == "code" && named != nil {
		if code := named.Values().ByName(protoreflect.Name(prefix(named) + value)); code != nil {
			return int64(code.Number()), nil
		}
	}
	return strconv.ParseInt(value, 10, 32)
}
