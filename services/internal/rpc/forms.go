package rpc

import (
	"strings"

	validatev1 "buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"buf.build/go/protovalidate"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// forms describe the protos' patterns for people, who are not shown regular expressions.
var forms = map[string]string{
	`^conversations/[0-9a-f]{32}$`:                                                  "write conversations/ and 32 of the characters 0 to 9 and a to f",
	`^conversations/[0-9a-f]{32}/handovers/[1-9][0-9]{0,3}$`:                        "write conversations/ID/handovers/NUMBER, as the platform told it",
	`^conversations/[0-9a-f]{32}/handovers/[1-9][0-9]{0,3}/offers/[1-9][0-9]{0,3}$`: "write conversations/ID/handovers/NUMBER/offers/NUMBER, as the platform told it",
	`^(conversations/[0-9a-f]{32}|lines/[a-z][a-z0-9-]{0,62})$`:                     "write conversations/ID or lines/ID",
	`^conversations/[0-9a-f]{32}/custody$`:                                          "write conversations/ID/custody",
	`^conversations/[0-9a-f]{32}/assessment$`:                                       "write conversations/ID/assessment",
	`^conversations/[0-9a-f]{32}/childStatus$`:                                      "write conversations/ID/childStatus",
	`^lines/[a-z][a-z0-9-]{0,62}/rota$`:                                             "write lines/ID/rota, such as lines/brus/rota",
	`^lines/[a-z][a-z0-9-]{0,62}/availability$`:                                     "write lines/ID/availability, such as lines/brus/availability",
	`^lines/[a-z][a-z0-9-]{0,62}$`:                                                  "write lines/ and the line's id, such as lines/alarmtelefonen",
	`^[a-z][a-z0-9-]{0,62}$`:                                                        "write small letters, digits and hyphens, a letter first",
	`^[a-z0-9][a-z0-9_-]{0,62}$`:                                                    "write a pseudonym of small letters, digits, hyphens and underscores, at most 63",
	`^topics/[A-Z]{1,2}(\.[a-z][a-z0-9_]{0,62})?$`:                                  "write topics/ and the topic's code, such as topics/V.physical",
	`^[A-Z]{1,2}(\.[a-z][a-z0-9_]{0,62})?$`:                                         "write a topic's code, such as V.physical",
	`^[A-Z]{1,2}$`:                                                                  "write a main topic's code, such as V",
	`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`:                                                  "write a date such as 2026-03-03",
	`^([A-Z]{2}(-[A-Z0-9]{1,4})?|[0-9]{3,4})?$`:                                     "write a country or a part of it by ISO 3166, such as NO-03, or a municipality's number",
	`^\+?[0-9]{3,15}$`:                                                              "write a telephone number of digits, with + before a country's",
	`^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$`:                                          "write a language by BCP 47, such as nb",
	`^[a-z2-7]{26}$`:                                                                "write the ticket's secret as the platform told it",
	`^[0-9]{6}$`:                                                                    "write the ticket's six digits",
	`^[A-Za-z]{1,64}$`:                                                              "write the name of a kind of event, such as OfferSent",
	`^[A-Z0-9][A-Z0-9._/-]{0,31}$`:                                                  "write the number of a case, such as 2026/118-3: capital letters, digits and . _ / -, at most 32",
}

// describe tells what is wrong with a field and what to write.
func describe(message protoreflect.MessageDescriptor, v *protovalidate.Violation) string {
	if pattern, ok := v.RuleValue.Interface().(string); ok && v.Proto.GetRuleId() == "string.pattern" {
		return form(pattern)
	}
	if strings.HasPrefix(v.Proto.GetRuleId(), "enum.") {
		return "write one of " + strings.Join(allowedNames(enumAt(message, v.Proto.GetField()), v), ", ")
	}
	return v.Proto.GetMessage()
}

// enumAt is the enum of the field that a path ends with. A violation of a repeated
// field's item does not name it otherwise.
func enumAt(message protoreflect.MessageDescriptor, path *validatev1.FieldPath) protoreflect.EnumDescriptor {
	var field protoreflect.FieldDescriptor
	for _, element := range path.GetElements() {
		field = message.Fields().ByNumber(protoreflect.FieldNumber(element.GetFieldNumber()))
		message = field.Message()
	}
	return field.Enum()
}

// allowedNames are the values that an enum field takes, by the rule that is broken.
func allowedNames(enum protoreflect.EnumDescriptor, v *protovalidate.Violation) (names []string) {
	values := enum.Values()
	for i := range values.Len() {
		number := values.Get(i).Number()
		if number != 0 && permits(v, number) {
			names = append(names, string(values.Get(i).Name()))
		}
	}
	return names
}

// permits reports whether a rule "in" has a number; the other rules of enums bar none
// that is defined but 0.
func permits(v *protovalidate.Violation, number protoreflect.EnumNumber) bool {
	if v.Proto.GetRuleId() != "enum.in" {
		return true
	}
	in := v.RuleValue.List()
	for i := range in.Len() {
		if in.Get(i).Int() == int64(number) {
			return true
		}
	}
	return false
}

// form describes a pattern. A pattern that also allows the empty value is described without
// that.
func form(pattern string) string {
	if inner, ok := strings.CutPrefix(pattern, "^("); ok && strings.HasSuffix(inner, ")?$") && forms[pattern] == "" {
		pattern = "^" + strings.TrimSuffix(inner, ")?$") + "$"
	}
	return forms[pattern]
}
