/** A mail server that takes everything (RFC 5321). */
import { createServer } from "node:net";

export class Smtp {
  /** Head and body of each e-mail, as it came. */
  received = [];
  url = "";

  static async start(test) {
    const smtp = new Smtp();
    const server = createServer((socket) => smtp.#talk(socket));
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    smtp.url = `smtp://127.0.0.1:${server.address().port}`;
    test.after(() => server.close());
    return smtp;
  }

  /** The n-th e-mail, from 1 on, with soft line breaks taken out. */
  async nth(n, deadlineMs) {
    const until = Date.now() + deadlineMs;
    while (this.received.length < n) {
      if (Date.now() > until) throw new Error(`${this.received.length} e-mails came`);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    return this.received[n - 1].replaceAll("=\r\n", "").replaceAll("=3D", "=");
  }

  #talk(socket) {
    let text = "";
    let isData = false;
    socket.on("error", () => undefined);
    socket.write("220 test ESMTP\r\n");
    socket.on("data", (chunk) => {
      text += chunk;
      for (;;) {
        const end = text.indexOf(isData ? "\r\n.\r\n" : "\r\n");
        if (end < 0) return;
        const said = text.slice(0, end);
        text = text.slice(end + (isData ? 5 : 2));
        if (isData) this.received.push(said);
        const verb = isData ? "END" : said.slice(0, 4).toUpperCase();
        isData = verb === "DATA";
        const answer = { DATA: "354 go on", QUIT: "221 bye", EHLO: "250 test" }[verb] ?? "250 ok";
        socket.write(`${answer}\r\n`);
        if (verb === "QUIT") socket.end();
      }
    });
  }
}
