// An identity provider for tests: panva's oidc-provider on loopback, with its own pages of login and consent.
// Usage: node provider.mjs PORT REDIRECT_URI. Who logs in as "name" is name@example.org; "unverified-name" did not verify it.
import Provider from "oidc-provider";

const [port, redirectUri] = process.argv.slice(2);
const provider = new Provider(`http://localhost:${port}`, {
  clients: [{ client_id: "mihna", client_secret: "secret-of-the-tests", redirect_uris: [redirectUri] }],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  cookies: { keys: ["tests only"] },
  features: { devInteractions: { enabled: true } },
  findAccount: (_context, id) => ({
    accountId: id,
    claims: () => ({
      sub: id,
      name: id,
      email: `${id.replace("unverified-", "")}@example.org`,
      email_verified: !id.startsWith("unverified-"),
    }),
  }),
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
