using System.Security.Cryptography;
using System.Text;

namespace Strata.Compiler.Templating.BuiltIns;

/// <summary>Digests of text, and Base64. For identifying content, not for protecting secrets.</summary>
internal static class StringHashFunctions
{
    private static readonly TemplateParameter s_text = new("text");

    public static BuiltInFunction[] Create() =>
        [
            new(
                "string.md5",
                "The MD5 digest of the text, in hexadecimal.",
                [s_text],
                call => Hex(MD5.HashData(Bytes(call, 0))),
                "{{ \"id\" | string.md5 }}",
                "b80bb7740288fda1f201890375a60c8f"
            ),
            new(
                "string.sha1",
                "The SHA-1 digest of the text, in hexadecimal.",
                [s_text],
                call => Hex(SHA1.HashData(Bytes(call, 0))),
                "{{ \"id\" | string.sha1 }}",
                "87ea5dfc8b8e384d848979496e706390b497e547"
            ),
            new(
                "string.sha256",
                "The SHA-256 digest of the text, in hexadecimal.",
                [s_text],
                call => Hex(SHA256.HashData(Bytes(call, 0))),
                "{{ \"id\" | string.sha256 | string.slice 0 8 }}",
                "a56145270ce6b3be"[..8]
            ),
            new(
                "string.sha512",
                "The SHA-512 digest of the text, in hexadecimal.",
                [s_text],
                call => Hex(SHA512.HashData(Bytes(call, 0))),
                "{{ \"id\" | string.sha512 | string.size }}",
                "128"
            ),
            new(
                "string.hmac_sha1",
                "The keyed SHA-1 digest of the text, in hexadecimal.",
                [s_text, new("secret_key")],
                call => Hex(HMACSHA1.HashData(Bytes(call, 1), Bytes(call, 0))),
                "{{ \"id\" | string.hmac_sha1 \"key\" | string.size }}",
                "40"
            ),
            new(
                "string.hmac_sha256",
                "The keyed SHA-256 digest of the text, in hexadecimal.",
                [s_text, new("secret_key")],
                call => Hex(HMACSHA256.HashData(Bytes(call, 1), Bytes(call, 0))),
                "{{ \"id\" | string.hmac_sha256 \"key\" | string.size }}",
                "64"
            ),
            new(
                "string.hmac_sha512",
                "The keyed SHA-512 digest of the text, in hexadecimal.",
                [s_text, new("secret_key")],
                call => Hex(HMACSHA512.HashData(Bytes(call, 1), Bytes(call, 0))),
                "{{ \"id\" | string.hmac_sha512 \"key\" | string.size }}",
                "128"
            ),
            new(
                "string.base64_encode",
                "The UTF-8 bytes of the text in Base64.",
                [s_text],
                call => call.Checked(Convert.ToBase64String(Bytes(call, 0))),
                "{{ \"orders\" | string.base64_encode }}",
                "b3JkZXJz"
            ),
            new(
                "string.base64_decode",
                "The text whose UTF-8 bytes were encoded in Base64.",
                [s_text],
                Decode,
                "{{ \"b3JkZXJz\" | string.base64_decode }}",
                "orders"
            ),
        ];

    private static byte[] Bytes(TemplateCallContext call, int index) =>
        Encoding.UTF8.GetBytes(call.Text(index));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    private static string Decode(TemplateCallContext call)
    {
        var text = call.Text(0);
        var bytes = new byte[((text.Length + 3) / 4 * 3) + 3];
        return Convert.TryFromBase64String(text, bytes, out var count)
            ? Encoding.UTF8.GetString(bytes, 0, count)
            : throw call.Invalid(0, "the text is not Base64");
    }
}
