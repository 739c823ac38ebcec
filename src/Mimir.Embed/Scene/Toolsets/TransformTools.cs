using System.Globalization;
using Mimir.Embed.Attributes;
using Mimir.Embed.Scene.Transitions;
using Mimir.Embed.Tools;

namespace Mimir.Embed.Scene.Toolsets;

/// <summary>The tools that tell and change where nodes are.</summary>
/// <param name="scene">The scene.</param>
internal sealed class TransformTools(HostScene scene)
{
    private const string SecondsWords = "Seconds that it takes, at an even pace; the answer comes at the end. Default 0: at once.";

    [McpTool("transform_inspect", "Tells position, rotation (Euler angles in degrees) and local scale of a node.", IsReadOnly = true)]
    public ToolResult Inspect([McpToolParam(nameof(path), Lookup.PathWords, MaxLength = Lookup.MostPath)] string path)
    {
        var node = Lookup.Node(scene.Graph, path);
        var spatial = SpatialOf(node);
        return ToolResult.Structured(new TransformTold(node.Path, spatial.Position, spatial.EulerDegrees, spatial.LocalScale));
    }

    [McpTool("transform_position_update", "Moves a node. Axes that are not given stay.", IsIdempotent = true, IsDestructive = false)]
    public ValueTask<ToolResult> MoveAsync(
        ToolContext context,
        [McpToolParam(nameof(path), Lookup.PathWords, MaxLength = Lookup.MostPath)] string path,
        [McpToolParam("position_x")] float? x = null,
        [McpToolParam("position_y")] float? y = null,
        [McpToolParam("position_z")] float? z = null,
        [McpToolParam("position_transition_time", SecondsWords, Minimum = 0)] double? seconds = null) =>
        ChangeAsync(context, path, new TransformChange(TransformKind.Position, x, y, z, seconds ?? 0));

    [McpTool("transform_rotation_update", "Turns a node, by the shorter way round. Axes that are not given stay.", IsIdempotent = true, IsDestructive = false)]
    public ValueTask<ToolResult> TurnAsync(
        ToolContext context,
        [McpToolParam(nameof(path), Lookup.PathWords, MaxLength = Lookup.MostPath)] string path,
        [McpToolParam("rotation_x", "Degrees.")] float? x = null,
        [McpToolParam("rotation_y", "Degrees.")] float? y = null,
        [McpToolParam("rotation_z", "Degrees.")] float? z = null,
        [McpToolParam("rotation_transition_time", SecondsWords, Minimum = 0)] double? seconds = null) =>
        ChangeAsync(context, path, new TransformChange(TransformKind.Rotation, x, y, z, seconds ?? 0));

    [McpTool("transform_scale_update", "Makes a node larger or smaller. Axes that are not given stay.", IsIdempotent = true, IsDestructive = false)]
    public ValueTask<ToolResult> ScaleAsync(
        ToolContext context,
        [McpToolParam(nameof(path), Lookup.PathWords, MaxLength = Lookup.MostPath)] string path,
        [McpToolParam("scale_x")] float? x = null,
        [McpToolParam("scale_y")] float? y = null,
        [McpToolParam("scale_z")] float? z = null,
        [McpToolParam("scale_transition_time", SecondsWords, Minimum = 0)] double? seconds = null) =>
        ChangeAsync(context, path, new TransformChange(TransformKind.Scale, x, y, z, seconds ?? 0));

    [McpTool("transform_change", "Moves, turns and scales a node at the same time. What is not given stays.", IsIdempotent = true, IsDestructive = false)]
    public ValueTask<ToolResult> AllAsync(
        ToolContext context,
        [McpToolParam(nameof(path), Lookup.PathWords, MaxLength = Lookup.MostPath)] string path,
        [McpToolParam("position_x")] float? px = null,
        [McpToolParam("position_y")] float? py = null,
        [McpToolParam("position_z")] float? pz = null,
        [McpToolParam("position_transition_time", SecondsWords, Minimum = 0)] double? move = null,
        [McpToolParam("rotation_x", "Degrees.")] float? rx = null,
        [McpToolParam("rotation_y", "Degrees.")] float? ry = null,
        [McpToolParam("rotation_z", "Degrees.")] float? rz = null,
        [McpToolParam("rotation_transition_time", SecondsWords, Minimum = 0)] double? turn = null,
        [McpToolParam("scale_x")] float? sx = null,
        [McpToolParam("scale_y")] float? sy = null,
        [McpToolParam("scale_z")] float? sz = null,
        [McpToolParam("scale_transition_time", SecondsWords, Minimum = 0)] double? scale = null) =>
        ChangeAsync(
            context, path,
            new TransformChange(TransformKind.Position, px, py, pz, move ?? 0),
            new TransformChange(TransformKind.Rotation, rx, ry, rz, turn ?? 0),
            new TransformChange(TransformKind.Scale, sx, sy, sz, scale ?? 0));

    private ISpatial SpatialOf(ISceneNode node) => scene.Graph.Spatial?.Of(node) ?? throw new KeyNotFoundException($"'{node.Path}' has no transform.");

    private async ValueTask<ToolResult> ChangeAsync(ToolContext context, string path, params TransformChange[] asked)
    {
        var node = Lookup.Node(scene.Graph, path);
        var spatial = SpatialOf(node);
        Check(asked);
        var changes = asked.Where(static c => c.HasAxis).ToList();
        var name = node.Path;
        foreach (var change in changes.Where(static c => c.Seconds <= 0))
        {
            scene.Transitions.Replace(node.Id, change.Kind);
            change.Apply(spatial, change.Read(spatial), 1);
        }

        var running = new List<Transition>();
        foreach (var change in changes.Where(static c => c.Seconds > 0))
        {
            var transition = new Transition(node, scene.Graph.Spatial!, spatial, change, scene.Clock);
            scene.Transitions.Add(node.Id, transition);
            running.Add(transition);
            transition.Begin();
        }

        TransitionEnd[] ends;
        using (context.Cancellation.Register(() => running.ForEach(t => t.Cancel(context.Cancellation)))) ends = await Task.WhenAll(running.Select(static t => t.Ended));
        var replaced = running.Where((_, i) => ends[i] == TransitionEnd.Replaced).Select(static t => t.Kind).ToList();
        var done = changes.Select(static c => c.Kind).Where(k => !replaced.Contains(k)).ToList();
        var words = done.Count > 0 ? $"Updated '{name}' ({TransformWords.Of(done)})." : "";
        if (replaced.Count > 0) words += $"{(done.Count > 0 ? " " : "")}The change of '{name}' ({TransformWords.Of(replaced)}) was replaced by a later one before its end.";
        return ToolResult.Text(words);
    }

    private void Check(TransformChange[] asked)
    {
        if (!asked.Any(static c => c.HasAxis))
        {
            var axes = asked.Select(static c => TransformWords.Of(c.Kind)).SelectMany(static k => new[] { $"{k}_x", $"{k}_y", $"{k}_z" });
            throw new ArgumentException($"Nothing is to be changed: give at least one of {string.Join(", ", axes)}.");
        }

        foreach (var change in asked)
        {
            var kind = TransformWords.Of(change.Kind);
            if (!change.HasAxis && change.Seconds > 0) throw new ArgumentException($"{kind}_transition_time is given, and none of {kind}_x, {kind}_y, {kind}_z.");
            if (change.Seconds >= scene.LongestTransition.TotalSeconds)
            {
                throw new ArgumentException(FormattableString.Invariant($"{kind}_transition_time is {change.Seconds}: a call may take {scene.LongestTransition.TotalSeconds} s here, so write less."));
            }
        }
    }
}
