using System.Text;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Readers;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Tests.Readers;

/// <summary>Whatever a file holds, reading it ends in a tree or in errors within the file, never in an exception.</summary>
public sealed class TomlFuzzTests
{
    private static readonly string[] Seeds =
    [
        "# c\ntitle = \"T\"\n[owner]\nname = 'x'\ndob = 1979-05-27T07:32:00-08:00\n[database]\nports = [ 8000, 8001,\n 8002 ]\ndata = [ [\"a\"], [3.14] ]\nt = { cpu = 79.5, case = 72.0 }\n",
        "[[a]]\nb.c = 1\n[[a.d]]\nx = \"\"\"\none \\\n two\"\"\"\n[a.e]\ny = \'\'\'\nz\'\'\'\n",
        "n = [0xFF, 0o7, 0b1, 1_000, -1.5e-3, inf, nan, true]\n\"q k\".'l' = \"\\u00e9\\U0001F600\\n\"\n",
        "[mcp_servers.f]\r\ncommand = \"npx\"\r\nenv = { K = \"v\" }\r\n",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Read_Mutants_EndInATreeOrAnError(int seed)
    {
        var random = new Random(seed);
        var all = Seeds.Select(Encoding.UTF8.GetBytes).ToArray();
        for (var i = 0; i < 40_000; i++)
        {
            var bytes = all[random.Next(all.Length)].ToList();
            for (var changes = random.Next(1, 6); changes > 0; changes--)
            {
                Mutate(bytes, all, random);
            }

            AssertEnds([.. bytes]);
        }
    }

    [Fact]
    public void Read_Garbage_EndsInATreeOrAnError()
    {
        const string Alphabet = "ab01._-+=[]{}\"\"\"'''\\#,:TZ \t\n\r\0xuUe\u00e9\u2028\ufeff";
        var random = new Random(11);
        for (var i = 0; i < 60_000; i++)
        {
            AssertEnds(Encoding.UTF8.GetBytes(string.Create(random.Next(1, 60), random, static (span, r) =>
            {
                foreach (ref var c in span)
                {
                    c = Alphabet[r.Next(Alphabet.Length)];
                }
            })));
        }
    }

    private static void Mutate(List<byte> bytes, byte[][] all, Random random)
    {
        var at = random.Next(bytes.Count + 1);
        switch (random.Next(4))
        {
            case 0 when at < bytes.Count:
                bytes[at] = (byte)random.Next(256);
                break;
            case 1:
                bytes.RemoveRange(at, Math.Min(random.Next(8), bytes.Count - at));
                break;
            case 2:
                var other = all[random.Next(all.Length)];
                var from = random.Next(other.Length);
                bytes.InsertRange(at, other.AsSpan(from, Math.Min(random.Next(24), other.Length - from)).ToArray());
                break;
            default:
                bytes.Insert(at, (byte)"\"'\\\n\r[]{}=.,#"[random.Next(13)]);
                break;
        }
    }

    private static void AssertEnds(byte[] bytes)
    {
        var issues = new IssueList();

        var node = TomlTree.Read(bytes, "/f", KeyPath.Top, issues);

        Assert.True(node is not null || issues.HasErrors, Convert.ToHexString(bytes));
        var lines = bytes.Count(b => b is (byte)'\n' or (byte)'\r') + 1;
        Assert.All(issues.Sorted([]), issue => Assert.InRange(issue.Line, 1, lines));
    }
}
