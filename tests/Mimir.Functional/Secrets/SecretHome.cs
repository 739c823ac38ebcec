using System.Diagnostics;
using Mimir.Functional.Harness;

namespace Mimir.Functional.Secrets;

/// <summary>A folder with a vault of its own, and the real program to change it.</summary>
internal sealed class SecretHome : IDisposable
{
    private readonly TempFolder _folder = new();

    /// <summary>What <c>XDG_DATA_HOME</c> is set to.</summary>
    public string Data => _folder.File("data");

    /// <summary>The folder of the vault.</summary>
    public string Vaults => Path.Combine(Data, "mimir");

    /// <summary>The vault.</summary>
    public string Vault => Path.Combine(Vaults, "secrets.vault");

    /// <summary>Its key.</summary>
    public string Key => Path.Combine(Vaults, "secrets.key");

    /// <summary>A path outside of it, in the same temporary folder.</summary>
    public string At(string name) => _folder.File(name);

    /// <summary>Sets a secret.</summary>
    public async Task SetAsync(string name, string value)
    {
        var (code, _, words) = await RunAsync(value + "\n", "secret", "set", name);
        Assert.True(code == 0, words);
    }

    /// <summary>Runs the program to its end, killing it after a minute.</summary>
    public Task<(int Code, string Data, string Words)> RunAsync(string input, params string[] arguments) => RunAsync(input, [], arguments);

    /// <summary>Runs the program to its end, killing it after a minute.</summary>
    /// <param name="input">What is piped in.</param>
    /// <param name="before">A program to run it under, with its arguments.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="variables">More environment.</param>
    public async Task<(int Code, string Data, string Words)> RunAsync(string input, string[] before, string[] arguments, params (string Name, string Value)[] variables)
    {
        using var process = Start(await Repository.MimirAsync(), before, arguments, variables);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await using var killing = limit.Token.Register(process.Kill);
        var data = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var words = process.StandardError.ReadToEndAsync(CancellationToken.None);
        await GiveAsync(process, input);
        await process.WaitForExitAsync(CancellationToken.None);
        return (process.ExitCode, await data, await words);
    }

    /// <summary>Starts the program.</summary>
    public Process Start(string mimir, string[] before, string[] arguments, params (string Name, string Value)[] variables)
    {
        string[] line = [.. before, mimir, .. arguments];
        var info = new ProcessStartInfo(line[0], line[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        info.Environment["XDG_DATA_HOME"] = Data;
        info.Environment["XDG_STATE_HOME"] = _folder.File("state");
        info.Environment["XDG_CONFIG_HOME"] = _folder.File("config");
        foreach (var (name, value) in variables) info.Environment[name] = value;
        return Process.Start(info)!;
    }

    /// <summary>Pipes something in and closes; who has ended meanwhile does not read it.</summary>
    public static async Task GiveAsync(Process process, string input)
    {
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended, and its exit code says why.
        }
    }

    public void Dispose() => _folder.Dispose();
}
