module github.com/stafett/stafett/tools

go 1.26.7

replace github.com/stafett/stafett/proto => ../proto

replace github.com/stafett/stafett/pkg => ../pkg

replace github.com/stafett/stafett/services => ../services
