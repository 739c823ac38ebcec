using System.IO.Compression;
using System.Text;
using Mimir.Faults.Matrix;
using Mimir.Faults.Network;
using Mimir.Faults.Oracle;
using Mimir.Faults.World;

namespace Mimir.Faults.Kinds;

/// <summary>X11: answers larger than the limit, lists of thousands, and a few bytes that unpack to very many.</summary>
internal sealed class Giant() : Fault("X11", "answers beyond the limit, long lists in a circle of pages, events without end, a bomb of gzip", 200)
{
    private const int Limit = 2 << 20;

    /// <inheritdoc/>
    public override int Least => 30;

    /// <inheritdoc/>
    public override string Script => "\"filler\":1500,\"pages\":7,\"cursorCycle\":true";

    /// <inheritdoc/>
    public override string Limits => $",\"maxMessageBytes\":{Limit},\"pageSize\":100000";

    /// <inheritdoc/>
    public override bool NeedsNetwork => true;

    /// <inheritdoc/>
    public override async Task StrikeAsync(Scene scene)
    {
        if (scene.Phase == Phase.Handshake) return;
        var way = scene.Account.Next(scene.Transport.IsPipe() ? 3 : 4);
        if (way == 3)
        {
            var bomb = Bomb(scene.Settings.Of(1 << 30, 32 << 20));
            scene.Bed.Link.Answer = r => r.Method == "tools/call" && r.Body.Contains("\"wicked\"", StringComparison.Ordinal) ? bomb : null;
        }

        var how = way switch
        {
            0 => $"\"how\":\"huge\",\"bytes\":{Limit / 2}",
            1 => $"\"how\":\"huge\",\"bytes\":{scene.Settings.Of(64 << 20, 8 << 20)}",
            2 => "\"how\":\"endless\"",
            _ => "\"how\":\"never\"",
        };
        var actor = scene.Bed.Actors[scene.Account.Next(scene.Bed.Actors.Length)];
        var ending = await actor.ProvokeAsync(scene.Order(), how);
        if (way > 0 && ending == Ending.Ok) scene.Account.Fault(Wrong.Corrupt, $"answered though it is larger than the limit: {how}");
        if (way == 3) scene.Bed.Link.Answer = null;
    }

    private static Canned Bomb(int bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            gzip.Write("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"content\":[{\"type\":\"text\",\"text\":\""u8);
            var block = Encoding.ASCII.GetBytes(new string('a', 1 << 16));
            for (var written = 0; written < bytes; written += block.Length) gzip.Write(block);
        }

        return Canned.Reply("200 OK", "application/json", packed.ToArray(), "Content-Encoding: gzip\r\n");
    }
}
