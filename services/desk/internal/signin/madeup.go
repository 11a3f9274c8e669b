package signin

import "hash/fnv"

// names are those of people who do not exist.
var names = []string{"Mina", "Jonas", "Aksel", "Ida", "Sara", "Emil", "Nora", "Oskar", "Liv", "Henrik", "Tuva", "Mads"}

// MadeUp are three people of a line: two counsellors and a supervisor, who counsels too.
func MadeUp(line string) []Person {
	sum := fnv.New32a()
	sum.Write([]byte(line))
	at := int(sum.Sum32()%uint32(len(names)/3)) * 3
	staff := make([]Person, 0, 3)
	for i, name := range names[at : at+3] {
		staff = append(staff, Person{ID: idOf(name), Name: name, Supervisor: i == 2})
	}
	return staff
}

// idOf is the pseudonym under which the platform knows somebody.
func idOf(name string) string {
	id := []byte(name)
	id[0] |= 'a' - 'A'
	return string(id)
}
