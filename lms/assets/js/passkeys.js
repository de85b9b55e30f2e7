/**
 * Passkeys (WebAuthn, level 2): the form's button calls the browser's API, and its result is sent to the server as JSON.
 *
 * Written out instead of PublicKeyCredential.parseCreationOptionsFromJSON and toJSON, which phones of 2023 do not have.
 */

/** @param {string} text base64url without padding */
function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

/** @param {ArrayBuffer | null} buffer */
function text(buffer) {
  if (!buffer) return null;
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** @param {any[] | undefined} credentials */
const named = (credentials) => (credentials ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

/** @param {any} options */
async function create(options) {
  const asked = { ...options, challenge: bytes(options.challenge), user: { ...options.user, id: bytes(options.user.id) } };
  asked.excludeCredentials = named(options.excludeCredentials);
  const made = /** @type {any} */ (await navigator.credentials.create({ publicKey: asked }));
  const { attestationObject, clientDataJSON } = made.response;
  return answer(made, { attestationObject: text(attestationObject), clientDataJSON: text(clientDataJSON) });
}

/** @param {any} options */
async function get(options) {
  const asked = { ...options, challenge: bytes(options.challenge), allowCredentials: named(options.allowCredentials) };
  const proof = /** @type {any} */ (await navigator.credentials.get({ publicKey: asked }));
  const { authenticatorData, clientDataJSON, signature, userHandle } = proof.response;
  return answer(proof, {
    authenticatorData: text(authenticatorData),
    clientDataJSON: text(clientDataJSON),
    signature: text(signature),
    userHandle: text(userHandle),
  });
}

/**
 * @param {any} credential
 * @param {object} response
 */
const answer = (credential, response) => ({
  id: credential.id,
  rawId: text(credential.rawId),
  type: credential.type,
  response,
  clientExtensionResults: credential.getClientExtensionResults(),
});

for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form[data-passkey]"))) {
  const trouble = /** @type {HTMLElement} */ (form.querySelector("[data-passkey-trouble]"));
  form.querySelector("[data-passkey-button]")?.addEventListener("click", async () => {
    trouble.hidden = true;
    const options = JSON.parse(document.getElementById("passkey-options")?.textContent ?? "").publicKey;
    try {
      const credential = await (form.dataset.passkey === "create" ? create(options) : get(options));
      /** @type {HTMLInputElement} */ (form.elements.namedItem("credential")).value = JSON.stringify(credential);
    } catch {
      // Refused, timed out or not available: the browser has shown why, the form offers other ways.
      trouble.hidden = false;
      return;
    }
    form.submit();
  });
}
