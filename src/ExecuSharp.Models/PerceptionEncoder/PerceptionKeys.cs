using ExecuSharp.Models.Checkpoints;

namespace ExecuSharp.Models.PerceptionEncoder;

/// <summary>Every tensor that a configuration needs, with its shape, checked against a file in any layout.</summary>
internal static class PerceptionKeys
{
    public static void Check(Checkpoint checkpoint, LayoutKeys keys, PerceptionConfig config)
    {
        var check = new KeyCheck(checkpoint, config.Name);
        if (config.Vision is { } vision && keys.VisionPrefix is not null)
            Vision(check, keys, vision);
        if (config.Text is { } text && keys.TextPrefix is not null)
        {
            Text(check, keys, text);
            check.Require("logit_scale");
            check.Ignore(keys.Text("attn_mask"));
        }
        check.Finish();
    }

    private static void Vision(KeyCheck check, LayoutKeys keys, VisionTowerConfig c)
    {
        long d = c.Width, p = c.PatchSize;
        if (c.UseClassToken)
            check.Require(keys.Vision("class_embedding"), keys.IsTimm ? [1, 1, d] : [d]);
        check.Require(keys.Vision("positional_embedding"), keys.IsTimm ? [1, c.Tokens, d] : [c.Tokens, d]);
        check.Require(keys.Vision("conv1.weight"), d, 3, p, p);
        Affine(check, keys.Vision, "ln_pre", d);
        for (int i = 0; i < c.Layers; i++)
        {
            Block(check, keys.Vision, i, d, c.Mlp);
            if (c.LayerScale)
            {
                check.Require(keys.Vision($"transformer.resblocks.{i}.ls_1.gamma"), d);
                check.Require(keys.Vision($"transformer.resblocks.{i}.ls_2.gamma"), d);
            }
        }
        if (c.UsePool)
            Pool(check, keys, c);
    }

    private static void Pool(KeyCheck check, LayoutKeys keys, VisionTowerConfig c)
    {
        long d = c.Width;
        Affine(check, keys.Vision, "ln_post", d);
        check.Require(keys.Vision("attn_pool.probe"), 1, 1, d);
        if (keys.IsTimm)
        {
            Linear(check, n => keys.VisionPrefix + n, "attn_pool.q", d, d);
            Linear(check, n => keys.VisionPrefix + n, "attn_pool.kv", 2 * d, d);
            Linear(check, n => keys.VisionPrefix + n, "head", c.OutputDim!.Value, d);
        }
        else
        {
            check.Require(keys.Vision("attn_pool.attn.in_proj_weight"), 3 * d, d);
            check.Require(keys.Vision("attn_pool.attn.in_proj_bias"), 3 * d);
            check.Require(keys.Vision("proj"), d, c.OutputDim!.Value);
        }
        Linear(check, keys.Vision, "attn_pool.attn.out_proj", d, d);
        Affine(check, keys.Vision, "attn_pool.layernorm", d);
        Linear(check, keys.Vision, "attn_pool.mlp.c_fc", 4 * d, d);
        Linear(check, keys.Vision, "attn_pool.mlp.c_proj", d, 4 * d);
    }

    private static void Text(KeyCheck check, LayoutKeys keys, TextTowerConfig c)
    {
        check.Require(keys.Text("token_embedding.weight"), c.Vocabulary, c.Width);
        check.Require(keys.Text("positional_embedding"), c.Context, c.Width);
        for (int i = 0; i < c.Layers; i++)
            Block(check, keys.Text, i, c.Width, c.Mlp);
        Affine(check, keys.Text, "ln_final", c.Width);
        check.Require(keys.Text("text_projection"), c.Width, c.OutputDim);
    }

    private static void Block(KeyCheck check, Func<string, string> key, int index, long d, long mlp)
    {
        string p = $"transformer.resblocks.{index}.";
        Affine(check, key, p + "ln_1", d);
        check.Require(key(p + "attn.in_proj_weight"), 3 * d, d);
        check.Require(key(p + "attn.in_proj_bias"), 3 * d);
        Linear(check, key, p + "attn.out_proj", d, d);
        Affine(check, key, p + "ln_2", d);
        Linear(check, key, p + "mlp.c_fc", mlp, d);
        Linear(check, key, p + "mlp.c_proj", d, mlp);
    }

    private static void Linear(KeyCheck check, Func<string, string> key, string name, long rows, long columns)
    {
        check.Require(key(name + ".weight"), rows, columns);
        check.Require(key(name + ".bias"), rows);
    }

    private static void Affine(KeyCheck check, Func<string, string> key, string name, long d)
    {
        check.Require(key(name + ".weight"), d);
        check.Require(key(name + ".bias"), d);
    }
}
