using System.Text;
using Mimir.Protocol.Headers;
using Xunit;

namespace Mimir.Protocol.Tests.Headers;

public sealed class HeaderValueTests
{
    /// <summary>The examples of the specification, then its rules one by one.</summary>
    public static TheoryData<string, string> Encodings { get; } = new()
    {
        { "us-west1", "us-west1" },
        { "Hello, 世界", "=?base64?SGVsbG8sIOS4lueVjA==?=" },
        { " padded ", "=?base64?IHBhZGRlZCA=?=" },
        { "line1\nline2", "=?base64?bGluZTEKbGluZTI=?=" },
        { "=?base64?literal?=", "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?=" },
        { " us-west1", "=?base64?IHVzLXdlc3Qx?=" },
        { "us-west1 ", "=?base64?dXMtd2VzdDEg?=" },
        { "us west 1", "us west 1" },
        { "line1\r\nline2", "=?base64?bGluZTENCmxpbmUy?=" },
        { "\tindented", "=?base64?CWluZGVudGVk?=" },
        { "a\tb", "=?base64?YQli?=" },
        { "", "=?base64??=" },
        { " ", "=?base64?IA==?=" },
        { "\0", "=?base64?AA==?=" },
        { "\u007F", "=?base64?fw==?=" },
        { "é", "=?base64?w6k=?=" },
        { "😀", "=?base64?8J+YgA==?=" },
        { "~!\"#", "~!\"#" },
        { "file:///projects/myapp/config.json", "file:///projects/myapp/config.json" },
        { "=?base64?", "=?base64?" },
        { "?=", "?=" },
        { "=?base64?=", "=?base64?PT9iYXNlNjQ/PQ==?=" },
        { "=?BASE64?SGk=?=", "=?BASE64?SGk=?=" },
        { "=?base64?SGk=", "=?base64?SGk=" },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Encode_AnyText_IsSafeAndReadsBack(string text, string header)
    {
        Assert.Equal(header, HeaderValue.Encode(Encoding.UTF8.GetBytes(text)));
        Assert.Equal(text, Decode(header));
        Assert.Equal(text, Decode($" \t{header}\t "));
    }

    [Theory]
    [InlineData("a\tb", "a\tb")]
    [InlineData("", "")]
    [InlineData("SGVsbG8=", "SGVsbG8=")]
    [InlineData("=?base64?SGVsbG8=", "=?base64?SGVsbG8=")]
    [InlineData("=?Base64?SGVsbG8=?=", "=?Base64?SGVsbG8=?=")]
    [InlineData("x=?base64?SGVsbG8=?=", "x=?base64?SGVsbG8=?=")]
    [InlineData("=?base64?SGVsbG8=?= x", "=?base64?SGVsbG8=?= x")]
    [InlineData("=?utf-8?B?SGVsbG8=?=", "=?utf-8?B?SGVsbG8=?=")]
    public void TryDecode_WithoutBothMarkers_IsLiteral(string header, string text) => Assert.Equal(text, Decode(header));

    [Theory]
    [InlineData("=?base64?SGVsbG8?=")]
    [InlineData("=?base64?SGVsbG8==?=")]
    [InlineData("=?base64?SGVs!!!bG8=?=")]
    [InlineData("=?base64?SGVs bG8=?=")]
    [InlineData("=?base64?SGVs\tbG8=?=")]
    [InlineData("=?base64? SGVsbG8=?=")]
    [InlineData("=?base64?SGVsbG9=?=")]
    [InlineData("=?base64?SR==?=")]
    [InlineData("=?base64?SG=k?=")]
    [InlineData("=?base64?====?=")]
    [InlineData("=?base64?A===?=")]
    [InlineData("=?base64?SGk=SGk=?=")]
    [InlineData("=?base64?_-==?=")]
    [InlineData("=?base64?=")]
    [InlineData("=?base64?/w==?=")]
    [InlineData("=?base64?7aCA?=")]
    [InlineData("=?base64?wIA=?=")]
    public void TryDecode_MarkersAroundSomethingElse_Fails(string header) => Assert.Null(Decode(header));

    [Theory]
    [InlineData("caf\u00E9")]
    [InlineData("a\nb")]
    [InlineData("a\rb")]
    [InlineData("a\0b")]
    [InlineData("a\u007Fb")]
    [InlineData("\u4E16")]
    [InlineData("\u00A0a")]
    [InlineData("\u2003")]
    public void TryDecode_CharactersThatMayNotStandInAHeader_Fails(string header) => Assert.Null(Decode(header));

    [Fact]
    public void TryDecode_ShortDestination_Throws() =>
        Assert.Throws<ArgumentException>(() => HeaderValue.TryDecode("abc", new byte[2], out _));

    [Theory]
    [InlineData("us-west1", "\"us-west1\"")]
    [InlineData("us-west1", "\"us\\u002dwest1\"")]
    [InlineData("a/b\\c\"d", "\"a\\/b\\\\c\\\"d\"")]
    [InlineData("=?base64?CAwKDQk=?=", "\"\\b\\f\\n\\r\\t\"")]
    [InlineData("=?base64?8J+YgA==?=", "\"\\uD83D\\ude00\"")]
    [InlineData("=?base64?8J+YgA==?=", "\"😀\"")]
    [InlineData("=?base64??=", "\"\"")]
    [InlineData("", "\"\"")]
    [InlineData("true", "\"true\"")]
    [InlineData("42", "\"42\"")]
    [InlineData("true", "true")]
    [InlineData("false", "false")]
    [InlineData("=?base64?dHJ1ZQ==?=", "true")]
    [InlineData(" true ", "true")]
    [InlineData("42", "42")]
    [InlineData("42.0", "42")]
    [InlineData("42", "42.0")]
    [InlineData("42", "4.2e1")]
    [InlineData("42", "4200E-2")]
    [InlineData("42", "0.42e+2")]
    [InlineData("-7", "-7")]
    [InlineData("=?base64?NDI=?=", "42")]
    [InlineData("0", "-0")]
    [InlineData("0", "0e99")]
    [InlineData("0.000", "0")]
    [InlineData("3.14159", "3.141590")]
    [InlineData("1e400", "10e399")]
    [InlineData("9007199254740993", "9007199254740993")]
    [InlineData("123456789012345678901234567890", "123456789012345678901234567890.000")]
    public void Matches_SameValue_IsTrue(string header, string json) => Assert.True(HeaderValue.Matches(header, Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("us-west1", "\"us-west2\"")]
    [InlineData("us-west1", "\"US-west1\"")]
    [InlineData("us-west1", "\"us-west1 \"")]
    [InlineData(" padded ", "\" padded \"")]
    [InlineData("é", "\"é\"")]
    [InlineData("SGVsbG8=", "\"Hello\"")]
    [InlineData("=?base64?SGVsbG8?=", "\"Hello\"")]
    [InlineData("=?base64?SGVsbG8=?=", "\"=?base64?SGVsbG8=?=\"")]
    [InlineData("=?base64?=", "\"=?base64?=\"")]
    [InlineData("true", "false")]
    [InlineData("True", "true")]
    [InlineData("1", "true")]
    [InlineData("true", "1")]
    [InlineData("", "false")]
    [InlineData("42", "43")]
    [InlineData("42", "-42")]
    [InlineData("42", "420")]
    [InlineData("42", "4.2")]
    [InlineData("042", "42")]
    [InlineData("+42", "42")]
    [InlineData("42.", "42")]
    [InlineData(".5", "0.5")]
    [InlineData("0x2A", "42")]
    [InlineData("4 2", "42")]
    [InlineData("", "0")]
    [InlineData("9007199254740992", "9007199254740993")]
    [InlineData("1e99999999999999999999", "1e99999999999999999998")]
    [InlineData("NaN", "0")]
    [InlineData("null", "null")]
    [InlineData("", "null")]
    [InlineData("{}", "{}")]
    [InlineData("[1]", "[1]")]
    [InlineData("", "")]
    [InlineData("a", "\"a")]
    [InlineData("a", "a\"")]
    [InlineData("\"", "\"")]
    [InlineData("a\"b", "\"a\"b\"")]
    [InlineData("tru", "tru")]
    [InlineData("42", " 42")]
    [InlineData("42", "42 ")]
    [InlineData("01", "01")]
    [InlineData("-", "-")]
    [InlineData("?", "\"\\ud800\"")]
    [InlineData("=?base64?77+9?=", "\"\\ud800\"")]
    [InlineData("=?base64?77+9?=", "\"\\udc00\\ud800\"")]
    [InlineData("x", "\"\\x\"")]
    [InlineData("A", "\"\\u041\"")]
    [InlineData("A", "\"\\u 041\"")]
    [InlineData("A", "\"\\u+041\"")]
    public void Matches_AnythingElse_IsFalse(string header, string json) => Assert.False(HeaderValue.Matches(header, Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("\"us-west1\"", "us-west1")]
    [InlineData("\"Hello, \\u4e16\\u754c\"", "=?base64?SGVsbG8sIOS4lueVjA==?=")]
    [InlineData("true", "true")]
    [InlineData("false", "false")]
    [InlineData("42", "42")]
    [InlineData("-7", "-7")]
    [InlineData("42.0", "42")]
    [InlineData("4.20e1", "42")]
    [InlineData("-1.5E3", "-1500")]
    [InlineData("-0", "0")]
    [InlineData("0.0", "0")]
    [InlineData("9007199254740991", "9007199254740991")]
    [InlineData("1e15", "1000000000000000")]
    [InlineData("1e16", "1e16")]
    [InlineData("3.14159", "3.14159")]
    [InlineData("0.10", "0.10")]
    [InlineData("null", null)]
    [InlineData("{}", null)]
    [InlineData("[]", null)]
    [InlineData("", null)]
    [InlineData("nul", null)]
    [InlineData("01", null)]
    [InlineData("\"\\ud800\"", null)]
    [InlineData("11111111111111111111111111111111111111111111111111111111111111111", null)]
    public void EncodeJson_AnyValue_IsTheHeaderOrNone(string json, string? header) =>
        Assert.Equal(header, HeaderValue.EncodeJson(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Matches_LongValues_AreComparedWhole()
    {
        var text = new string('é', 5000);
        var json = Encoding.UTF8.GetBytes($"\"{text}\"");
        var header = HeaderValue.EncodeJson(json)!;
        Assert.True(HeaderValue.Matches(header, json));
        json[^2]++;
        Assert.False(HeaderValue.Matches(header, json));
    }

    [Fact]
    public void Matches_EveryByteChanged_IsFalse()
    {
        // A header that differs in one character never passes, whichever it is.
        foreach (var (header, json) in new[] { ("us-west1", "\"us-west1\""), ("=?base64?SGVsbG8sIOS4lueVjA==?=", "\"Hello, 世界\""), ("12345", "12345"), ("true", "true") })
        {
            var bytes = Encoding.UTF8.GetBytes(json);
            Assert.True(HeaderValue.Matches(header, bytes));
            for (var at = 0; at < header.Length; at++)
            {
                for (var c = '\0'; c < 256; c++)
                {
                    var mutant = $"{header[..at]}{c}{header[(at + 1)..]}";
                    Assert.True(c == header[at] || !HeaderValue.Matches(mutant, bytes), $"{mutant} passes for {json}");
                }

                Assert.False(HeaderValue.Matches(header.Remove(at, 1), bytes), $"{header} without character {at} passes");
            }
        }
    }

    [Fact]
    public void Matches_UsualValues_AllocatesNothing()
    {
        Assert.True(HeaderValue.Matches("tools-call", "\"tools-call\""u8) && HeaderValue.Matches("=?base64?w6k=?=", "\"\\u00e9\""u8) && HeaderValue.Matches("42.0", "42"u8));
        Assert.Equal(0, Allocations.Steady(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                HeaderValue.Matches("tools-call", "\"tools-call\""u8);
                HeaderValue.Matches("=?base64?w6k=?=", "\"\\u00e9\""u8);
                HeaderValue.Matches("42.0", "42"u8);
            }
        }));
    }

    private static string? Decode(string header)
    {
        var bytes = new byte[header.Length];
        return HeaderValue.TryDecode(header, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }
}
