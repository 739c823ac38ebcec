using System.Diagnostics;
using Mimir.Functional.Harness;
using Mimir.Functional.Secrets;

namespace Mimir.Functional.Commands;

/// <summary>Real shells complete words of the real program.</summary>
public sealed class CompletionTests : IDisposable
{
    private readonly SecretHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory(Timeout = 120_000)]
    [InlineData("mimir ena", "enable")]
    [InlineData("mimir remove al", "alpha")]
    [InlineData("mimir remove ", "a\\ b alpha beta")]
    [InlineData("mimir ns assign ", "work")]
    [InlineData("mimir namespace assign work b", "beta")]
    [InlineData("mimir tools --names", "--namespace")]
    [InlineData("mimir tools --namespace ", "work")]
    [InlineData("mimir permission set work alpha tool ", "allow deny")]
    [InlineData("mimir completion p", "powershell")]
    [InlineData("mimir --config nowhere remove ", "")]
    [InlineData("mimir --config broken remove ", "good")]
    [InlineData("mimir frobnicate x ", "")]
    [InlineData("mimir add x -- ", "")]
    public async Task Bash_Line_IsCompleted(string line, string expected)
    {
        await PrepareAsync();
        var words = line.Split(' ');
        const string script = """
            mimir=$1; shift
            source <("$mimir" completion bash)
            COMP_WORDS=("$@")
            COMP_WORDS[0]=$mimir
            COMP_CWORD=$(($# - 1))
            _mimir
            echo "${COMPREPLY[*]}"
            complete -p mimir >/dev/null
            """;

        var (code, data, talk) = await _home.RunAsync("", ["/bin/bash", "-c", script, "-"], [.. words.Select(w => w is "broken" or "nowhere" ? _home.At(w) : w)]);

        Assert.Equal("", talk);
        Assert.Equal(0, code);
        Assert.Equal(expected, data.TrimEnd('\n'));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("bash", "bash", "-n")]
    [InlineData("zsh", "zsh", "-n")]
    [InlineData("fish", "fish", "-n")]
    public async Task Script_OfAShellThatIsHere_IsWithoutErrors(string shell, string program, string check)
    {
        var (code, script, _) = await _home.RunAsync("", "completion", shell);
        Assert.Equal(0, code);
        var file = _home.At("script");
        await File.WriteAllTextAsync(file, script);
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, [check, file]) { RedirectStandardError = true })!;
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 0, await process.StandardError.ReadToEndAsync());
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"There is no {program} here.");
        }
    }

    private async Task PrepareAsync()
    {
        _ = await Repository.MimirAsync();
        Write("config/mimir/mimir.json", "{ \"mcpServers\": { \"alpha\": { \"command\": \"${NOT_SET}\" }, \"a b\": { \"command\": \"x\" }, \"b\\u001b\": { \"command\": \"x\" } } }");
        Write("config/mimir/servers/beta.json", "{ \"comand\": \"x\" }");
        Write("config/mimir/namespaces/work.json", "{ \"servers\": [] }");
        Write("broken/mimir.json", "{");
        Write("broken/servers/good.json", "{ \"command\": \"x\" }");
    }

    private void Write(string name, string text)
    {
        var path = _home.At(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
