// Command coredns stands in for CoreDNS of the suite's manifests: the suite asks it for one name and takes any answer.
package main

import (
	"log"
	"net"

	"github.com/miekg/dns"
)

func main() {
	dns.HandleFunc("foo.bar.com.", func(writer dns.ResponseWriter, query *dns.Msg) {
		reply := new(dns.Msg).SetReply(query)
		if client, ok := writer.RemoteAddr().(*net.UDPAddr); ok && len(query.Question) == 1 {
			header := dns.RR_Header{Name: query.Question[0].Name, Rrtype: dns.TypeA, Class: dns.ClassINET}
			reply.Extra = append(reply.Extra, &dns.A{Hdr: header, A: client.IP})
		}
		if err := writer.WriteMsg(reply); err != nil {
			log.Print(err)
		}
	})
	log.Fatal((&dns.Server{Addr: ":53", Net: "udp"}).ListenAndServe())
}
