using System.CommandLine;
using Mimir.Cli.Commands;
using Mimir.Cli.Tests.Fakes;

namespace Mimir.Cli.Tests.Commands;

/// <summary>The short way into <c>serve</c> and the full parser must never disagree.</summary>
public sealed class ServeLineTests
{
    public static TheoryData<string> TakenLines => new()
    {
        "serve",
        "serve --config a",
        "serve --http 3000",
        "serve --config a --http 127.0.0.1:1",
        "serve --config @a",
        "serve --config /x=y",
        "serve --namespace work",
        "serve --namespace work --config a --http 3000",
    };

    public static TheoryData<string> LeftLines => new()
    {
        "",
        "list",
        "up",
        "--config a serve",
        "serve --help",
        "serve --config",
        "serve --config=a",
        "serve --http",
        "serve --http 0.0.0.0:1",
        "serve --http x",
        "serve --config a --config b",
        "serve --http 1 --http 2",
        "serve --namespace a --namespace b",
        "serve --namespace",
        "serve -n work",
        "serve extra",
        "serve --config --http 1",
        "serve -- x",
        "serve --CONFIG a",
        "serve --http [::1]:1",
        "Serve",
        "serve --unknown a",
    };

    [Theory]
    [MemberData(nameof(TakenLines))]
    public void TryParse_PlainShape_AgreesWithTheFullParser(string line)
    {
        var args = Split(line);
        Assert.True(ServeLine.TryParse(args, out var request));
        var parsed = Parse(args);
        Assert.Empty(parsed.Errors);
        Assert.Equal(((ServeCommand)parsed.CommandResult.Command).Request(parsed), request);
    }

    [Theory]
    [MemberData(nameof(LeftLines))]
    public void TryParse_AnythingElse_IsLeftToTheFullParser(string line) => Assert.False(ServeLine.TryParse(Split(line), out _));

    /// <summary>Every line of up to four words out of a nasty vocabulary: what the short way takes, the full parser takes the same.</summary>
    [Fact]
    public void TryParse_AllShortLines_NeverDisagreeWithTheFullParser()
    {
        string[] words = ["serve", "--config", "--http", "--namespace", "a", "3000", "-h", "--", "", "@a", "--config=b", "[suggest]", "0.0.0.0:1"];
        var taken = 0;
        foreach (var a in words)
        {
            foreach (var b in words)
            {
                foreach (var c in words)
                {
                    foreach (string[] line in new[] { new[] { "serve", a }, ["serve", a, b], ["serve", a, b, c] })
                    {
                        if (ServeLine.TryParse(line, out var request))
                        {
                            taken++;
                            var parsed = Parse(line);
                            Assert.True(parsed.Errors.Count == 0, string.Join(' ', line));
                            Assert.Equal(((ServeCommand)parsed.CommandResult.Command).Request(parsed), request);
                        }
                    }
                }
            }
        }

        Assert.True(taken > 0);
    }

    private static string[] Split(string line) => line.Length == 0 ? [] : line.Split(' ');

    private static ParseResult Parse(string[] args)
    {
        var cli = new Fakes.Cli(new FakeRun(), new TestConsole());
        return new MimirCommand(cli.Context).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
    }
}
