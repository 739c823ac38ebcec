using System.Globalization;
using Mimir.Faults.Matrix;
using Mimir.Faults.Oracle;
using Mimir.Faults.World;
using Mimir.Functional.Harness;

namespace Mimir.Faults.Kinds;

/// <summary>X19: the configuration is written anew: the victim is to be run otherwise, a server comes, nobody can read it, all of that in a row.</summary>
internal sealed class Reloaded() : Fault("X19", "configuration reloaded: changed, more servers, broken, often in a row", 100_000)
{
    /// <summary>Calls follow one another while a change is taken over, so many times as many as are open at a time at most: a cell has some rounds.</summary>
    private const int MostWaves = 8;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private int _changes;
    private int _heard;

    /// <inheritdoc/>
    public override bool MayFail => false;

    /// <inheritdoc/>
    public override async Task StrikeAsync(Scene scene)
    {
        var change = ChangeAsync(scene);
        for (var i = 0; i < MostWaves && !change.IsCompleted && scene.Phase != Phase.ShuttingDown; i++) await Task.WhenAll(scene.Open(() => scene.Order()));
        await change;
    }

    /// <inheritdoc/>
    public override async Task MendAsync(Scene scene)
    {
        await WriteAsync(scene, Changed(scene));
        await base.MendAsync(scene);
    }

    private Task ChangeAsync(Scene scene) => scene.Account.Next(4) switch
    {
        0 => WriteAsync(scene, Changed(scene)),
        1 => WriteAsync(scene, scene.Bed.Text.Replace("{\"mcpServers\":{", $"{{\"mcpServers\":{{\"more\":{{\"command\":\"{Repository.Wicked}\"}},", StringComparison.Ordinal)),
        2 => WriteAsync(scene, scene.Bed.Text[..^(1 + scene.Account.Next(scene.Bed.Text.Length / 2))]),
        _ => OftenAsync(scene),
    };

    /// <summary>The whole text with another time for the victim: nobody's calls last as long.</summary>
    private string Changed(Scene scene) => scene.Bed.Text.Replace(
        "\"callTimeout\":\"5000ms\"", string.Create(CultureInfo.InvariantCulture, $"\"callTimeout\":\"{5000 + ++_changes}ms\""), StringComparison.Ordinal);

    private async Task OftenAsync(Scene scene)
    {
        for (var i = 0; i < 50; i++)
        {
            await scene.Bed.Router.RewriteAsync(i % 5 == 4 ? "{" : Changed(scene));
            if (i % 10 == 9) await Task.Delay(scene.Account.Next(600));
        }

        await WriteAsync(scene, Changed(scene));
    }

    /// <summary>Writes it, and waits until the router says what came of it.</summary>
    private async Task WriteAsync(Scene scene, string text)
    {
        scene.Bed.Router.OnWords = line => _heard += line.Contains("the configuration was read again", StringComparison.Ordinal) || line.Contains("the configuration has errors", StringComparison.Ordinal) ? 1 : 0;
        var before = Volatile.Read(ref _heard);
        await scene.Bed.Router.RewriteAsync(text);
        if (scene.Phase == Phase.ShuttingDown) return;
        for (var end = Environment.TickCount64 + (long)s_patience.TotalMilliseconds; Volatile.Read(ref _heard) == before; await Task.Delay(10))
        {
            if (Environment.TickCount64 < end) continue;
            scene.Account.Fault(Wrong.Left, $"the changed configuration was not taken over within {s_patience.TotalSeconds:0} s");
            return;
        }
    }
}
