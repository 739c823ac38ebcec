namespace Mimir.Functional.Oracle;

/// <summary>JSON that is easily changed by whoever parses and writes it again.</summary>
internal static class Pad
{
    private static readonly string[] s_values =
    [
        "1.0",
        "-0",
        "1e400",
        "1E+2",
        "123456789012345678901234567890",
        "9007199254740993",
        "0.1000",
        "\"\\u0041\\/\\u2028\\ud834\\udd1e\"",
        "\"é€𝄞 </script>\"",
        "\"\\\"id\\\":0,\\\"method\\\":\\\"x\\\"\"",
        "{\"id\":0,\"method\":\"tools/call\",\"jsonrpc\":\"1.0\",\"params\":{\"name\":\"other\",\"_meta\":{\"progressToken\":0}}}",
        "[[[[ ]]], {} ,\t{\"a\" : [ null,true , false ] } ]",
        "{\"name\":\"a\",\"name\":\"b\"}",
        "\"\"",
    ];

    /// <summary>One of them, or text of a random length.</summary>
    public static string Next(Random random)
    {
        var n = random.Next(s_values.Length + 4);
        return n < s_values.Length ? s_values[n] : $"\"{new string((char)('a' + n), 1 << random.Next(14))}\"";
    }
}
